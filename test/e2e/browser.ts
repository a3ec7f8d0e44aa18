import { chromium, type Browser } from 'playwright-core';
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
