import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate for localhost that nobody has signed, in PEM files that go away at the end of the test. */
export interface Certificate extends Disposable {
	certPath: string;
	keyPath: string;
	/** What a client has to trust. */
	cert: string;
}

/** @throws if openssl is missing: Debian's package has the same name */
export function createCertificate(): Certificate {
	const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
	const [certPath, keyPath] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
	const subject = [
		'-subj',
		'/CN=localhost',
		'-addext',
		'subjectAltName=DNS:localhost,IP:127.0.0.1'
	];
	const kind = [
		'-newkey',
		'ec',
		'-pkeyopt',
		'ec_paramgen_curve:prime256v1',
		'-nodes',
		'-days',
		'1'
	];
	execFileSync(
		'openssl',
		['req', '-x509', ...kind, ...subject, '-keyout', keyPath, '-out', certPath],
		{
			stdio: 'pipe'
		}
	);
	return {
		certPath,
		keyPath,
		cert: readFileSync(certPath, 'utf8'),
		[Symbol.dispose]: () => rmSync(folder, { recursive: true })
	};
}
