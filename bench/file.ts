/** The file that every server has: about 20 KB. */
export const file = {
	path: '/20k.txt',
	text: 'Twenty kilobytes of text. '.repeat(788)
};
