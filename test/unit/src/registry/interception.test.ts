import type { RequestEvent } from '@sveltejs/kit';
import { expect, it } from 'vitest';
import { FailedVisit, PlainVisit } from '../../../../src/server/registry/interception.ts';
import { fakeEvent, fakeKit } from '../../support/event.ts';

function visit(id: string | null): Promise<Response> {
	const event: RequestEvent = Object.assign(fakeEvent().event, { route: { id } });
	return new PlainVisit().resolve(event, fakeKit);
}

it('leaves a page or an endpoint to Kit', async () => {
	expect(await (await visit('/chat/[room]')).text()).toBe('the page');
});

it('answers 426 where Kit has nothing', async () => {
	const response = await visit(null);
	expect(response.status).toBe(426);
	expect(response.headers.get('upgrade')).toBe('websocket');
});

it('answers with the error of a matcher where Kit has nothing, and leaves a page to Kit', async () => {
	const failed = new FailedVisit(new Error('secret'));
	const { event } = fakeEvent();
	expect((await failed.resolve(event, fakeKit)).status).toBe(500);
	const page: RequestEvent = Object.assign(fakeEvent().event, { route: { id: '/page' } });
	expect(await (await failed.resolve(page, fakeKit)).text()).toBe('the page');
});
