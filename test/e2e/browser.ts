import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { findChromium } from '../support/chromium.ts';

const quiet = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync'
];

/** What keeps pages out of the back/forward cache, unless it is what a test is about. */
const uncached = '--disable-back-forward-cache';

/** A headless Chromium with an empty profile that goes away with it. Playwright's browser is itself disposable. */
export function openBrowser({ backForwardCache = false } = {}): Promise<Browser> {
	return chromium.launch({
		executablePath: findChromium(),
		args: quiet,
		ignoreDefaultArgs: backForwardCache ? [uncached] : []
	});
}

/** Something that is run, and a browser beside it, for as long as the tests of a `describe` take. */
export function runBesideBrowser<Run extends AsyncDisposable>(
	run: () => Promise<Run>,
	use: (running: Run, browser: Browser) => void
): void {
	let browser: Browser | undefined;
	let running: Run | undefined;
	beforeAll(async () => {
		const starting = [
			openBrowser().then((opened) => (browser = opened)),
			run().then((started) => (running = started))
		] as const;
		const [opened, started] = await Promise.all(starting);
		use(started, opened);
	});
	afterAll(async () => {
		await browser?.close();
		await running?.[Symbol.asyncDispose]();
	});
}
