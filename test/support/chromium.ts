import { findProgram } from './debian.ts';

/**
 * The path of a Chromium. It is installed from Debian's packages where that is allowed.
 * @throws if there is none and none can be installed: the tests need one
 */
export function findChromium(): string {
	return findProgram({
		names: ['chromium', 'chromium-browser', 'google-chrome'],
		package: 'chromium',
		need: 'The browser tests need Chromium'
	});
}
