import { basicSetup } from 'codemirror';
import { EditorView } from '@codemirror/view';
import { yCollab } from 'y-codemirror.next';
import { WebsocketProvider } from 'y-websocket';
import { Doc, UndoManager } from 'yjs';

/** Somebody who has the document open. */
export interface Writer {
	name: string;
	color: string;
}

export interface EditorOptions {
	/** Where the sockets are, without the room. */
	url: string;
	room: string;
	writer: Writer;
	onStatus(status: string): void;
	onWriters(writers: Writer[]): void;
}

/** An editor for the document of a room, which everybody in the room has. */
export function createEditor(
	parent: HTMLElement,
	{ url, room, writer, onStatus, onWriters }: EditorOptions
): () => void {
	const doc = new Doc();
	const text = doc.getText('text');
	const provider = new WebsocketProvider(url, room, doc);
	const { awareness } = provider;
	provider.on('status', ({ status }) => onStatus(status));
	awareness.on('change', () => {
		onWriters([...awareness.getStates().values()].flatMap(({ user }) => user ?? []));
	});
	awareness.setLocalStateField('user', { ...writer, colorLight: `${writer.color}33` });
	const view = new EditorView({
		parent,
		extensions: [
			basicSetup,
			EditorView.lineWrapping,
			EditorView.contentAttributes.of({ 'aria-label': `The text of ${room}` }),
			yCollab(text, awareness, { undoManager: new UndoManager(text) })
		]
	});
	return () => {
		view.destroy();
		provider.destroy();
		doc.destroy();
	};
}
