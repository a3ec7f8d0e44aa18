import process from 'node:process';

/** What a binary has to fit. */
export interface Host {
	/** `22.17.0` */
	readonly node: string;
	/** Of Node's binary interface, such as 127. */
	readonly abi: string;
	/** `linux` */
	readonly platform: string;
	/** `x64` */
	readonly arch: string;
	/** `2.36`; undefined where there is none: on other systems than Linux, and where Linux has musl. */
	readonly glibc: string | undefined;
}

export function readHost(): Host {
	const { versions, platform, arch } = process;
	return { node: versions.node, abi: versions.modules, platform, arch, glibc: glibcVersion() };
}

function glibcVersion(): string | undefined {
	const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
	return header?.glibcVersionRuntime;
}

/** `linux-x64` */
export function platformOf({ platform, arch }: Pick<Host, 'platform' | 'arch'>): string {
	return `${platform}-${arch}`;
}

/** How the binaries for a platform are called: `uws_linux_x64_` and the binary interface of a Node. */
export function binaryPrefix({ platform, arch }: Pick<Host, 'platform' | 'arch'>): string {
	return `uws_${platform}_${arch}_`;
}
