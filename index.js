export { default } from './files/adapter.js';
