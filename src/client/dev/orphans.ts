import { sentence } from '../../shared/errors.ts';
import { callSite, type ModuleVersion } from './call-site.ts';

/** Told on the document, so that it reaches whatever copy of this package has made a socket. */
const evaluated = 'svelte-adapter-ws:evaluated';

/**
 * In development, for a socket that no component ends: one of a module ends when an edit has replaced the module; of another
 * one, the console says that it is nobody's.
 * @param isOwned asked a moment later: whether whoever made it looks after its end
 */
export function mindOrphan(end: () => void, isOwned: () => boolean): void {
	const site = callSite();
	if (site?.module) endWhenReplaced(site.module, end);
	else if (site) {
		queueMicrotask(() => {
			if (!isOwned()) console.warn(nobodys(site.place));
		});
	}
}

/** What Vite evaluates again after an edit is another module, and the one before is still there. */
function endWhenReplaced(own: ModuleVersion, end: () => void): void {
	const controller = new AbortController();
	document.dispatchEvent(new CustomEvent(evaluated, { detail: own }));
	document.addEventListener(
		evaluated,
		(event) => {
			const { url, version } = (event as CustomEvent<ModuleVersion>).detail;
			if (url !== own.url || version === own.version) return;
			controller.abort();
			end();
		},
		{ signal: controller.signal }
	);
}

function nobodys(place: string): string {
	return sentence(
		'A socket was made where no component is being made, as in an event handler or after an await, so nothing closes it',
		place,
		'Make it while its component is made, or give it a signal: createWebSocket(url, { signal }).'
	);
}
