/** Versions that an app may have together. The oldest are those that the README and `peerDependencies` name. */
export interface VersionSet {
	name: string;
	/** SvelteKit's major version. */
	kit: 2 | 3;
	/** See `newcomerSuite`. */
	isOld?: boolean;
	/** What npm is asked for. */
	packages: Record<string, string>;
}

const newestSvelte = { svelte: '^5', 'svelte-check': '^4', typescript: '^6' };

export const sets: VersionSet[] = [
	{
		name: 'the oldest SvelteKit 2, Vite 6 and Svelte 5',
		kit: 2,
		isOld: true,
		packages: {
			'@sveltejs/kit': '2.22.3',
			'@sveltejs/vite-plugin-svelte': '5.0.0',
			svelte: '5.25.12',
			vite: '6.1.0',
			'svelte-check': '^4',
			typescript: '^5'
		}
	},
	{
		name: 'the newest SvelteKit 2, on the newest Vite 6',
		kit: 2,
		packages: {
			'@sveltejs/kit': '^2',
			'@sveltejs/vite-plugin-svelte': '^5',
			vite: '^6',
			...newestSvelte
		}
	},
	{
		name: 'the newest SvelteKit 2, on the newest Vite',
		kit: 2,
		packages: {
			'@sveltejs/kit': '^2',
			'@sveltejs/vite-plugin-svelte': '^7',
			vite: '^8',
			...newestSvelte
		}
	},
	{
		name: 'the oldest SvelteKit 3',
		kit: 3,
		packages: {
			'@sveltejs/kit': '3.0.0',
			'@sveltejs/vite-plugin-svelte': '7.0.0',
			svelte: '5.57.1',
			vite: '8.0.12',
			'svelte-check': '^4',
			typescript: '^6'
		}
	},
	{
		name: 'the newest SvelteKit 3',
		kit: 3,
		packages: {
			'@sveltejs/kit': '^3',
			'@sveltejs/vite-plugin-svelte': '^7',
			vite: '^8',
			...newestSvelte
		}
	}
];
