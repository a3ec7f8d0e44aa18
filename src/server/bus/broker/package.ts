import { AdapterError } from '../../../shared/errors.ts';

/**
 * A package that the app has installed because `BUS_URL` asks for it. It is looked for where the build stands, as every
 * dependency is, and no bundler may follow it: most apps do not have it.
 * @param isUsable false for another version of the package, which may be there for something else
 * @throws {AdapterError} `bus_missing`
 */
export async function loadPackage<T>(
	name: string,
	variable: string,
	isUsable: (module: T) => boolean
): Promise<T> {
	try {
		const module = (await import(/* @vite-ignore */ name)) as T & { default?: T };
		const found = module.default ?? module;
		if (!isUsable(found)) throw new Error('its version is too old');
		return found;
	} catch (cause) {
		throw new AdapterError('bus_missing', {
			what: `The package ${name}, which ${variable} asks for, cannot be loaded`,
			value: cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause),
			todo: `Install it beside the build with npm install ${name}@latest, or unset ${variable}.`,
			cause
		});
	}
}
