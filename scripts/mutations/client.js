/** The browser's end. */
const folder = 'src/client/core';
/** @param {string[]} names */
const suite = (...names) => names.map((name) => `test/unit/src/client/${name}.test.ts`);

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: `${folder}/positions.ts`,
		name: 'what came before is told twice',
		find: '|| !this.#isKept(followed) || offset < next) return;',
		replace: '|| !this.#isKept(followed)) return;',
		tests: suite('topics')
	},
	{
		file: `${folder}/positions.ts`,
		name: 'what is missing is skipped',
		find: 'if (offset > next) return this.#miss(line, number, followed);',
		replace: '',
		tests: suite('topics')
	},
	{
		file: `${folder}/positions.ts`,
		name: 'what is missing is asked for with every message',
		find: 'now - followed.asked < patience',
		replace: 'now < followed.asked',
		tests: suite('topics')
	},
	{
		file: `${folder}/positions.ts`,
		name: 'what is missing is asked for once and never again',
		find: 'patience = 2000',
		replace: 'patience = 2_000_000',
		tests: suite('topics')
	},
	{
		file: `${folder}/positions.ts`,
		name: 'what comes where nobody hears it counts as received',
		find: 'if (!this.#host.hears(line) || ',
		replace: 'if (',
		tests: suite('topics')
	},
	{
		file: `${folder}/positions.ts`,
		name: 'numbers of another epoch are those of before',
		find: 'const isSame = found.isRecovered ?? topics.has(number);',
		replace: 'const isSame = true;',
		tests: suite('topics')
	},
	{
		file: `${folder}/positions.ts`,
		name: 'a connection that was left says where topics go on',
		find: 'if (start === undefined || !this.#host.isCurrent(line)) return;',
		replace: 'if (start === undefined) return;',
		tests: suite('topics')
	},
	{
		file: `${folder}/positions.ts`,
		name: 'a topic that was left is gone on with',
		find: 'if (this.#isKept(followed)) this.#kept.delete(followed.token);',
		replace: '',
		tests: suite('topics')
	},
	{
		file: `${folder}/positions.ts`,
		name: 'another place goes on where this one was',
		find: '\t\tthis.#begin();\n\t\tthis.#kept.clear();\n\t\tthis.#asked = undefined;',
		replace: '\t\tthis.#begin();\n\t\tthis.#asked = undefined;',
		tests: suite('topics')
	},
	{
		file: `${folder}/positions.ts`,
		name: 'since is asked once and never again',
		find: '\t\tthis.#asked = undefined;\n',
		replace: '',
		tests: suite('topics')
	},
	{
		file: `${folder}/positions.ts`,
		name: 'all has come as soon as the server says that it will',
		find: 'if (position.offset < offset) this.#behind.add(followed);',
		replace: '',
		tests: suite('topics')
	},
	{
		file: `${folder}/positions.ts`,
		name: 'more is said than a server reads',
		find: 'if (size > maxResume) break;',
		replace: '',
		tests: suite('topics')
	},
	{
		file: `${folder}/positions.ts`,
		name: 'nobody is told what is lost',
		find: 'if (before && !isSame) this.#lose(found.missed);',
		replace: '',
		tests: suite('topics')
	},
	{
		file: `${folder}/presence.ts`,
		name: 'people leave while the connection is replaced',
		find: 'if (this.#topicsOf(this.#shown).size > 0) this.#former = this.#shown;',
		replace: '',
		tests: suite('topics')
	},
	{
		file: `${folder}/presence.ts`,
		name: 'people who have left stay for ever',
		find: 'patience = 1000',
		replace: 'patience = 1_000_000',
		tests: suite('topics')
	},
	{
		file: `${folder}/presence.ts`,
		name: 'everybody is told twice',
		find: 'const people: People = (all ? undefined : topics.get(number)) ?? new Map();',
		replace: 'const people: People = topics.get(number) ?? new Map();',
		tests: suite('topics')
	},
	{
		file: `${folder}/requests.ts`,
		name: 'a request that has ended is waited for',
		find: 'this.#open.delete(ticket);',
		replace: '',
		tests: suite('topics')
	},
	{
		file: `${folder}/requests.ts`,
		name: 'what has left is sent again',
		find: 'if (open.line === line) this.#reject(ticket, ended(this.#host.tools));',
		replace: 'if (open.line === line) open.line = undefined;',
		tests: suite('exchange')
	},
	{
		file: `${folder}/requests.ts`,
		name: 'what the page has thrown is told to the server',
		find: "return [500, 'Internal Error'];",
		replace: 'return [500, String(thrown)];',
		tests: suite('exchange')
	},
	{
		file: `${folder}/requests.ts`,
		name: 'an answer is awaited where its server is left',
		find: 'else if (!this.#host.isCurrent(open.line)) open.line.ask();',
		replace: '',
		tests: suite('topics')
	},
	{
		file: `${folder}/exchange.ts`,
		name: 'a text that looks like a frame is sent as one',
		find: 'line.isFramed && isFrame(data) ? escape(data) : data',
		replace: 'data',
		tests: suite('exchange')
	},
	{
		file: `${folder}/exchange.ts`,
		name: 'a text that looks like a frame does not wait',
		find: '(!isKnown && (ticket || isFrame(data)))',
		replace: '(!isKnown && ticket)',
		tests: suite('exchange')
	},
	{
		file: `${folder}/exchange.ts`,
		name: 'what comes overtakes what waits for its code',
		find: 'if (isPlain && !this.#loading)',
		replace: 'if (isPlain)',
		tests: suite('topics')
	},
	{
		file: `${folder}/exchange.ts`,
		name: 'what cannot be loaded is never tried again',
		find: "if (event === 'ended') this.#spoken = this.#loading = undefined;",
		replace: '',
		tests: suite('not-loaded')
	},
	{
		file: `${folder}/heartbeat.ts`,
		name: 'who was asked for no frames is believed to know of them',
		find: 'if (!isAsked) this.isFramed = false;',
		replace: '',
		tests: suite('exchange')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'what was received before is said after everything else',
		find: 'if (!this.#isResuming) this.#ready();',
		replace: 'this.#ready();',
		tests: suite('topics')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a server that leaves is left before there is another',
		find: 'if (transport === this.#held.current) this.#held.next ??= this.#connect();',
		replace: 'this.#restart(this.state);',
		tests: suite('succession')
	},
	{
		file: `${folder}/succession.ts`,
		name: 'a server that leaves is not left when there is another',
		find: 'previous?.heartbeat?.ask();',
		replace: '',
		tests: suite('succession')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'what is left behind is left though something may be lost there',
		find: 'this.#held.take(transport);',
		replace:
			'if (transport === this.#held.next) this.#held.current?.stop(); this.#held.take(transport);',
		tests: suite('succession')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'what is lost on what was left behind is not told',
		find: '} else if (unconfirmed?.length) {',
		replace: '} else if (unconfirmed?.length === -1) {',
		tests: suite('succession')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a server that leaves waits for who has nowhere to go',
		find: 'this.#held.current?.send(`${beat}-1`);',
		replace: '',
		tests: suite('succession')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'whoever was sent away comes back at once',
		find: '\t\t\t\ttransport.rest(delay);\n',
		replace: '',
		tests: suite('succession')
	},
	{
		file: `${folder}/exchange.ts`,
		name: 'what comes from both is shown twice',
		find: 'if (this.#host.held.hears(line)) this.#host.receive(data);',
		replace: 'this.#host.receive(data);',
		tests: suite('succession')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'somebody who closes leaves an attempt behind',
		find: 'if (next !== this.#held.next) this.#held.next?.stop();',
		replace: '',
		tests: suite('succession')
	},
	{
		file: `${folder}/outbox.ts`,
		name: 'the newest goes first',
		find: 'for (let item = this.#waiting.shift(); item; item = this.#waiting.shift())',
		replace: 'for (let item = this.#waiting.pop(); item; item = this.#waiting.pop())',
		tests: suite('outbox')
	},
	{
		file: `${folder}/outbox.ts`,
		name: 'what is sent overtakes what waits',
		find: 'if (!before && this.#deliver',
		replace: 'if (this.#deliver',
		tests: suite('outbox')
	},
	{
		file: `${folder}/outbox.ts`,
		name: 'what waits goes before a greeting',
		find: '\t\t\tthis.#greetings = 0;\n\t\t\tgreet();',
		replace: '\t\t\tthis.flush();\n\t\t\tgreet();',
		tests: suite('connection')
	},
	{
		file: `${folder}/outbox.ts`,
		name: 'what a connection does not take is lost',
		find: '\t\t\tthis.#waiting.unshift(item);',
		replace: '',
		tests: suite('outbox')
	},
	{
		file: `${folder}/outbox.ts`,
		name: 'what is reported is what would have travelled',
		find: '.map(({ value }) => value)',
		replace: '.map(({ data }) => data)',
		tests: suite('outbox')
	},
	{
		file: `${folder}/outbox.ts`,
		name: 'what was reported is sent all the same',
		find: '.splice(0)\n',
		replace: '.slice(0)\n',
		tests: suite('outbox')
	},
	{
		file: `${folder}/outbox.ts`,
		name: 'one more waits than may',
		find: 'this.#waiting.length >= this.#limit()',
		replace: 'this.#waiting.length > this.#limit()',
		tests: suite('outbox')
	},
	{
		file: `${folder}/outbox.ts`,
		name: 'bytes that wait change',
		find: 'data: structuredClone(data)',
		replace: 'data',
		tests: suite('outbox')
	},
	{
		file: `${folder}/outbox.ts`,
		name: 'the oldest is refused where too many wait',
		find: 'if (this.#waiting.length >= this.#limit()) return false;',
		replace: 'if (this.#waiting.length >= this.#limit()) this.#waiting.shift();',
		tests: suite('outbox')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'a connection that lasts a moment was one that lasts',
		find: 'minUptime = 5000',
		replace: 'minUptime = 0',
		tests: suite('connection')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'a connection that has lasted for minutes counts for nothing',
		find: 'minUptime = 5000',
		replace: 'minUptime = 500_000',
		tests: suite('connection')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'an attempt may take as long as it likes',
		find: 'patience = 12_000',
		replace: 'patience = 120_000',
		tests: suite('attempt')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'bytes come as a Blob',
		find: "socket.binaryType = 'arraybuffer';",
		replace: '',
		tests: suite('connection')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'a connection that breaks was closed with 1000',
		find: "socket.addEventListener('error', () => this.#end(attempt, 1006));",
		replace: "socket.addEventListener('error', () => this.#end(attempt, 1000));",
		tests: suite('connection')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'what was left is heard of',
		find: 'if (attempt !== this.#attempt || !heartbeat ||',
		replace: 'if (!heartbeat ||',
		tests: suite('connection')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'a server that wants rest is asked again at once',
		find: 'if (this.#rest > 0) this.#tryIn(this.#rest);',
		replace: 'if (this.#rest > Infinity) this.#tryIn(this.#rest);',
		tests: suite('rest')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'the longer of two rests does not count',
		find: 'Math.max(this.#restsUntil, performance.now() + delay)',
		replace: 'performance.now() + delay',
		tests: suite('rest')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'closing leaves a timer',
		find: '\t\tclearTimeout(this.#timer);\n\t\tattempt?.end();',
		replace: '',
		tests: suite('rest')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'the reason of a close is kept from the server',
		find: 'attempt?.socket?.close(code, reason);',
		replace: 'attempt?.socket?.close(code);',
		tests: suite('connection')
	},
	{
		file: `${folder}/attempt.ts`,
		name: 'an attempt that has led to a connection is given up',
		find: '\t\tthis.wasOpen = true;\n\t\tthis.end();',
		replace: '\t\tthis.wasOpen = true;',
		tests: suite('attempt')
	},
	{
		file: `${folder}/attempt.ts`,
		name: 'a question may take as long as it likes',
		find: 'Promise.race([question(), this.#late])',
		replace: 'question()',
		tests: suite('attempt')
	},
	{
		file: `${folder}/probe.ts`,
		name: 'a probe may take as long as it likes',
		find: 'signal: AbortSignal.timeout(timeout)',
		replace: 'signal: undefined',
		tests: suite('probe')
	},
	{
		file: `${folder}/probe.ts`,
		name: 'a probe may take ten milliseconds',
		find: 'timeout = 10_000',
		replace: 'timeout = 10',
		tests: suite('probe')
	},
	{
		file: `${folder}/probe.ts`,
		name: 'a probe comes without cookies',
		find: "credentials: 'include'",
		replace: "credentials: 'omit'",
		tests: suite('probe')
	},
	{
		file: `${folder}/probe.ts`,
		name: 'everybody who answers is believed',
		find: 'isOurs: mark !== null',
		replace: 'isOurs: true',
		tests: suite('probe')
	},
	{
		file: `${folder}/probe.ts`,
		name: 'a redirect leads to a script',
		find: 'target && /^https?:$/.test(target.protocol) ? target.href : undefined',
		replace: 'target?.href',
		tests: suite('probe')
	},
	{
		file: `${folder}/diagnosis.ts`,
		name: 'two probes at once',
		find: 'if (this.#isAsking) return undefined;',
		replace: '',
		tests: suite('probe')
	},
	{
		file: `${folder}/diagnosis.ts`,
		name: 'after one question there is no other',
		find: '\t\tthis.#isAsking = false;\n\t\tconst refrain',
		replace: '\t\tconst refrain',
		tests: suite('probe')
	},
	{
		file: `${folder}/diagnosis.ts`,
		name: 'what was asked of another place is believed',
		find: 'if (subject !== this.#subject) return undefined;',
		replace: '',
		tests: suite('probe')
	},
	{
		file: `${folder}/diagnosis.ts`,
		name: 'blocked at the first failure',
		find: 'return this.#unexplained > 1;',
		replace: 'return this.#unexplained > 0;',
		tests: suite('probe')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'what waits is reported before what was sent',
		find: 'unconfirmed.push(...this.#exchange.outbox.drop())',
		replace: 'unconfirmed.unshift(...this.#exchange.outbox.drop())',
		tests: suite('heartbeat', 'connection')
	},
	{
		file: `${folder}/exchange.ts`,
		name: 'what was on its way is not reported',
		find: 'if (isSent) line.sent(value);',
		replace: '',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'what waits is thrown away at each failure',
		find: 'if (isLast) unconfirmed',
		replace: 'unconfirmed',
		tests: suite('connection')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'attempts that fail are not told of',
		find: "if (error && !wasOpen) this.events.emit('error', error);",
		replace: '',
		tests: suite('connection')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a connection that was lost is an attempt that failed',
		find: '(wasOpen || !error ? 0 : 1)',
		replace: '(!error ? 0 : 1)',
		tests: suite('connection')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a connection that was lost is an error',
		find: 'if (error && !wasOpen) this',
		replace: 'if (error) this',
		tests: suite('connection')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a final refusal leaves the page listened to',
		find: 'if (isFatal) this.#ignorePage();',
		replace: '',
		tests: suite('connection')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a network that comes back is nothing to attempts that are used up',
		find: 'if (isFatal) this.#ignorePage();',
		replace: 'if (isOver) this.#ignorePage();',
		tests: suite('connection')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a final answer of the probe leaves the page listened to',
		find: '\t\t\tthis.#ignorePage();\n\t\t\tthis.#leave({ status',
		replace: '\t\t\tthis.#leave({ status',
		tests: suite('probe')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'what is said of one URL is said of the next',
		find: 'if (this.#target?.href !== attempt.url.href) return;',
		replace: '',
		tests: suite('probe')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'the answer of a probe comes to what was closed',
		find: 'if (finding === undefined || !this.#isWanted) return;',
		replace: 'if (finding === undefined) return;',
		tests: suite('probe')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a probe is asked after a connection',
		find: 'if (url && !wasOpen && !cause)',
		replace: 'if (url && !cause)',
		tests: suite('probe')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'messages of another place stay',
		find: '\t\tthis.forget();\n\t\tthis.#diagnosis',
		replace: '\t\tthis.#diagnosis',
		tests: suite('connection')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a signal that has aborted opens',
		find: 'if (this.options.signal?.aborted) return this.close();',
		replace: '',
		tests: suite('connection')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'open makes a second connection',
		find: '\t\tif (this.#held.current) return;\n\t\tthis.set',
		replace: '\t\tthis.set',
		tests: suite('connection')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'somebody who looks at the page disturbs an attempt',
		find: 'if (isTrying && (raw || !isOnline)) this.#held.line?.ask();',
		replace: 'if (isTrying && raw) this.#held.line?.ask();',
		tests: suite('connection', 'attempt')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a network that comes back leaves an attempt to hang',
		find: 'if (isTrying && (raw || !isOnline)) this.#held.line?.ask();',
		replace: 'if (isTrying) this.#held.line?.ask();',
		tests: suite('attempt')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a server that wants rest is bothered by whoever looks at the page',
		find: 'else if (!isResting) this.#restart(this.state);',
		replace: 'else this.#restart(this.state);',
		tests: suite('rest')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a network that goes is not noticed',
		find: 'doubt: () => this.#held.line?.ask(),',
		replace: 'doubt: () => {},',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a page in the back/forward cache keeps its connection',
		find: "hide: () => this.#held.current && this.#leave(anew('reconnecting')),",
		replace: 'hide: () => {},',
		tests: suite('connection')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a page that is back from there has none',
		find: 'show: () => this.#start(),',
		replace: 'show: () => {},',
		tests: suite('connection')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a silent connection is mourned, not replaced',
		find: 'if (this.#ended(transport, silence())) this.#restart(this.state);',
		replace: 'this.#ended(transport, silence());',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'beats are messages',
		find: '!heartbeat || heartbeat.received(data)) return;',
		replace: '!heartbeat) return;\n\t\theartbeat.received(data);',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/heartbeat.ts`,
		name: 'an answer that is late by a millisecond is none',
		find: 'patience = 10_000',
		replace: 'patience = 1000',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/heartbeat.ts`,
		name: 'what was sent is confirmed after a minute',
		find: 'confirmDelay = 1000',
		replace: 'confirmDelay = 60_000',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/heartbeat.ts`,
		name: 'a page that was asleep takes its connection for dead',
		find: ' || hasSlept',
		replace: '',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/heartbeat.ts`,
		name: 'a dead connection is asked for ever',
		find: 'else this.#events.onSilent();',
		replace: 'else this.ask();',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/heartbeat.ts`,
		name: 'the text of an app confirms what it does not',
		find: '(this.isFramed || +data.slice(1) <= this.#count)',
		replace: 'true',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/heartbeat.ts`,
		name: 'a server that beats in a hurry is asked in a hurry',
		find: 'Math.max(interval, patience)',
		replace: 'interval',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/heartbeat.ts`,
		name: 'what was confirmed is counted from the wrong end',
		find: 'this.#unconfirmed.length - (this.#count - number)',
		replace: 'this.#count - number',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/heartbeat.ts`,
		name: 'a server that knows of no heartbeats is asked',
		find: 'if (!hasBeats) this.end();',
		replace: '',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/heartbeat.ts`,
		name: 'what was sent before the first beat is not confirmed',
		find: 'if (this.#interval && !this.#isAsking) this.#rest();',
		replace:
			'if (!this.#interval) return void (this.#count -= 1);\n\t\tif (!this.#isAsking) this.#rest();',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/heartbeat.ts`,
		name: 'a message puts off the next question for ever',
		find: 'if (this.#isConfirming) return;\n',
		replace: '\n',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/retry.ts`,
		name: 'the app\u2019s 403 is tried for ever',
		find: '[1008, 4401, 4403]',
		replace: '[1008, 4401]',
		tests: suite('connection')
	},
	{
		file: `${folder}/retry.ts`,
		name: 'a 408 is final',
		find: '[408, 425, 429]',
		replace: '[425, 429]',
		tests: suite('probe')
	},
	{
		file: `${folder}/retry.ts`,
		name: 'a server that is busy is asked as often as another',
		find: 'patience = 10;',
		replace: 'patience = 1;',
		tests: suite('rest')
	},
	{
		file: `${folder}/retry.ts`,
		name: 'all clients come back in one moment',
		find: 'return 0.5 + Math.random();',
		replace: 'return 1;',
		tests: suite('connection')
	},
	{
		file: `${folder}/retry.ts`,
		name: 'the delay does not grow',
		find: 'growth = 1.6',
		replace: 'growth = 1',
		tests: suite('connection')
	},
	{
		file: `${folder}/retry.ts`,
		name: 'one attempt more than may be',
		find: 'retries >= maxReconnectAttempts',
		replace: 'retries > maxReconnectAttempts',
		tests: suite('connection')
	},
	{
		file: `${folder}/retry-after.ts`,
		name: 'seconds for milliseconds',
		find: 'Number(value) * 1000',
		replace: 'Number(value)',
		tests: suite('rest')
	},
	{
		file: `${folder}/inbox.ts`,
		name: 'a message overtakes one that is being read',
		find: 'this.#busy ? this.#busy.then(() => this.#read(data)) : this.#read(data)',
		replace: 'this.#read(data)',
		tests: suite('parse')
	},
	{
		file: `${folder}/inbox.ts`,
		name: 'the oldest messages are kept',
		find: '.slice(-history)',
		replace: '.slice(0, history)',
		tests: suite('connection')
	},
	{
		file: `${folder}/inbox.ts`,
		name: 'a message that is refused is lost without a word',
		find: "if (!this.#listeners.emit('error', error)) console.error(error);",
		replace: "this.#listeners.emit('error', error);",
		tests: suite('parse')
	},
	{
		file: `${folder}/url.ts`,
		name: 'a path that begins like the base is below it',
		find: '`${pathname}/`.startsWith(`${base}/`)',
		replace: 'pathname.startsWith(base)',
		tests: suite('connection')
	},
	{
		file: `${folder}/url.ts`,
		name: 'another server gets our query',
		find: 'return url.host === new URL(page).host;',
		replace: 'return true;',
		tests: suite('connection')
	},
	{
		file: `${folder}/reasons.ts`,
		name: 'a close of the server has no code',
		find: '\t\t\tcloseCode: code\n',
		replace: '',
		tests: suite('connection')
	},
	{
		file: `${folder}/emitter.ts`,
		name: 'a listener that is added twice is called once',
		find: 'const own = (event: Event) => {\n\t\t\tevent.preventDefault();\n\t\t\tlistener((event as CustomEvent<Events[Type]>).detail);\n\t\t};\n\t\tthis.#target.addEventListener(type, own);',
		replace:
			'const own = (event: Event) => {\n\t\t\tevent.preventDefault();\n\t\t\tlistener((event as CustomEvent<Events[Type]>).detail);\n\t\t};\n\t\tthis.#target.addEventListener(type, own, { once: true });',
		tests: suite('connection')
	},
	{
		file: `${folder}/browser-page.ts`,
		name: 'a page that is hidden wakes its connections',
		find: "document.visibilityState === 'visible' && wake()",
		replace: 'wake()',
		tests: suite('browser-page')
	},
	{
		file: `${folder}/browser-page.ts`,
		name: 'a page that is left for good goes into the cache',
		find: 'event.persisted && hide()',
		replace: 'hide()',
		tests: suite('browser-page')
	},
	{
		file: `${folder}/browser-page.ts`,
		name: 'each page that is shown comes out of the cache',
		find: 'event.persisted && show()',
		replace: 'show()',
		tests: suite('browser-page')
	},
	{
		file: `${folder}/browser-page.ts`,
		name: 'a page that is not listened to any more is heard',
		find: 'return () => controller.abort();',
		replace: 'return () => {};',
		tests: suite('browser-page')
	},
	{
		file: `${folder}/browser-page.ts`,
		name: 'a network that comes back is not noticed',
		find: "addEventListener('online', online, { signal });",
		replace: '',
		tests: suite('browser-page')
	},
	{
		file: 'src/client/changes.ts',
		name: 'a store is told of what has not changed',
		find: 'if (Object.is(now, before)) return;',
		replace: '',
		tests: suite('changes')
	},
	{
		file: 'src/client/changes.ts',
		name: 'a store that nobody reads hears on',
		find: 'stops.forEach((stop) => stop())',
		replace: 'stops[0]?.()',
		tests: suite('changes')
	},
	{
		file: `${folder}/diagnosis.ts`,
		name: 'the console is told of each attempt',
		find: '\t\tthis.#isTold = true;\n',
		replace: '',
		tests: suite('probe')
	},
	{
		file: `${folder}/diagnosis.ts`,
		name: 'what was blocked is so for ever',
		find: '\t\tthis.#unexplained = 0;\n\t\tthis.#isAsking = false;\n\t}',
		replace: '\t\tthis.#isAsking = false;\n\t}',
		tests: suite('probe')
	},
	{
		file: `${folder}/diagnosis.ts`,
		name: 'a question that was left is waited for',
		find: '\t\tthis.#isAsking = false;\n\t}\n',
		replace: '\t}\n',
		tests: suite('probe')
	},
	{
		file: `${folder}/diagnosis.ts`,
		name: 'a path that speaks no subprotocol of those is blocked',
		find: 'const isUnspoken = status < 300 && protocols?.length && !protocol;',
		replace: 'const isUnspoken = false;',
		tests: suite('probe')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'another place is under the suspicion of the first',
		find: '\t\tthis.forget();\n\t\tthis.#diagnosis.forget();',
		replace: '\t\tthis.forget();',
		tests: suite('probe')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a connection that is moved is closed without a word',
		find: "this.#leave(anew(this.#isWanted ? 'connecting' : 'closed'), { isLast: true });",
		replace: "this.#leave(anew(this.#isWanted ? 'connecting' : 'closed'));",
		tests: suite('connection')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'somebody who closes leaves what waits',
		find: "this.#leave(anew('closed'), { code, reason, isLast: true });",
		replace: "this.#leave(anew('closed'), { code, reason });",
		tests: suite('connection')
	},
	{
		file: `${folder}/shown.ts`,
		name: 'a schema that takes its time speaks of another place',
		find: '\t\tthis.#inbox.end();\n',
		replace: '',
		tests: suite('parse')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a closed connection takes messages',
		find: "this.state.status !== 'closed' && this.#exchange.outbox.send(value)",
		replace: 'this.#exchange.outbox.send(value)',
		tests: suite('connection')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a server that answers "not now" is not left alone',
		find: '\t\tthis.#held.current?.rest(restFor(refrain, retries, this.options.reconnectInterval));\n',
		replace: '',
		tests: suite('rest')
	},
	{
		file: `${folder}/connection.ts`,
		name: 'a close code that means "not now" is not heeded',
		find: 'if (error) transport.rest(restFor(error, retries, this.options.reconnectInterval));',
		replace: '',
		tests: suite('rest')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'an attempt that was given up is heard of',
		find: '\t\tif (attempt !== this.#attempt) return;\n\t\tattempt.opened();',
		replace: '\t\tattempt.opened();',
		tests: suite('attempt', 'connection')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'a server is offered other protocols than were asked for',
		find: 'protocols ? new Kind(url, protocols) : new Kind(url)',
		replace: 'new Kind(url)',
		tests: suite('connection', 'attempt')
	},
	{
		file: `${folder}/transport.ts`,
		name: 'what the browser refuses is tried for ever',
		find: 'attempt.cause = unacceptable(url, protocols, error);',
		replace: '',
		tests: suite('attempt')
	},
	{
		file: `${folder}/retry.ts`,
		name: 'rest is over before the time that the server has named',
		find: 'retryAfter * (1 + Math.random() / 2)',
		replace: 'retryAfter * (0.5 + Math.random() / 2)',
		tests: suite('rest')
	},
	{
		file: `${folder}/retry.ts`,
		name: 'the longest delay is a second',
		find: 'longestDelay = 30_000',
		replace: 'longestDelay = 1000',
		tests: suite('connection')
	},
	{
		file: `${folder}/retry-after.ts`,
		name: 'a server may ask for a year',
		find: 'Math.min(Math.max(delay, 0), longest)',
		replace: 'Math.max(delay, 0)',
		tests: suite('rest')
	},
	{
		file: `${folder}/retry-after.ts`,
		name: 'a date is about the clock of the browser',
		find: "Date.parse(headers.get('date') ?? '') || Date.now()",
		replace: 'Date.now()',
		tests: suite('rest')
	},
	{
		file: `${folder}/url.ts`,
		name: 'a part of the page is sent with the URL',
		find: "\tparsed.hash = '';\n",
		replace: '',
		tests: suite('connection')
	},
	{
		file: `${folder}/url.ts`,
		name: 'what is signed is written anew',
		find: "${href}${href.includes('?') ? '&' : '?'}${heartbeatParam}&${noticeParam}&${protocol}",
		replace:
			'${new URL(`?${new URL(href).searchParams}`, href)}&${heartbeatParam}&${noticeParam}&${protocol}',
		tests: suite('connection')
	},
	{
		file: `${folder}/reasons.ts`,
		name: 'a reason is counted in characters',
		find: 'new Blob([reason]).size <= 123',
		replace: 'reason.length <= 123',
		tests: suite('connection')
	},
	{
		file: `${folder}/codec.ts`,
		name: 'a text that is no JSON is an error',
		find: '\t} catch {\n\t\treturn data;\n\t}',
		replace: '\t} catch (error) {\n\t\tthrow error;\n\t}',
		tests: suite('connection')
	},
	{
		file: `${folder}/codec.ts`,
		name: 'what the schema makes of a message is thrown away',
		find: 'if (result.issues === undefined) return result.value;',
		replace: 'if (result.issues === undefined) return undefined as never;',
		tests: suite('parse')
	},
	{
		file: `${folder}/heartbeat.ts`,
		name: 'the network goes, and nobody asks because something was sent',
		find: '\t\tthis.#isConfirming = false;\n',
		replace: '',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/heartbeat.ts`,
		name: 'an answer that was late is taken for silence',
		find: 'this.#lastSeen >= asked',
		replace: 'this.#lastSeen > asked + patience',
		tests: suite('heartbeat')
	}
];
