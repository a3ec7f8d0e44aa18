import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Registry } from '../../../../src/server/registry/registry.ts';
import { Routes } from '../../../../src/server/routing/routes.ts';
import type { AnyHandler } from '../../../../src/server/socket/handler.ts';
import { FakeEngine } from '../../support/engine.ts';

describe('a schema of a handler', () => {
	it.each([v.string(), z.string(), type('string'), undefined])(
		'may be any that is one',
		(schema) => {
			const handler = { incoming: schema, outgoing: schema, message() {} };
			expect(() => Routes.from({ websocket: { '/chat': handler } }, '')).not.toThrow();
			expect(() => Routes.from({ websocket: handler }, '')).not.toThrow();
		}
	);

	it.each([
		['incoming', { parse() {} }, 'object'],
		['outgoing', (value: unknown) => value, 'function'],
		['incoming', null, 'object'],
		['outgoing', 'string', 'string']
	])('that is none is said to be so at the start: %s', (name, schema, value) => {
		const handler = { message() {}, [name]: schema } as unknown as AnyHandler;
		const todo = `Give ${name} a Standard Schema`;
		for (const websocket of [{ '/chat': handler }, handler]) {
			const start = () => Routes.from({ websocket }, '');
			expect(start).toThrow(`, ${name}: ${value}). ${todo}`);
			expect(start).toThrow(expect.objectContaining({ code: 'bad_route' }) as Error);
		}
		const registry = new Registry();
		registry.attach(new FakeEngine());
		expect(() => registry.continuous('/live', handler)).toThrow(
			`A handler cannot be used (${name}: ${value}). ${todo}`
		);
	});
});
