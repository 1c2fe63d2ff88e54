// Verifies a badge with software that is not ours, without a network: reads a question from standard input, prints the answer.
import { readFileSync } from 'node:fs';
import { verifyCredential } from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { checkStatus } from '@digitalbazaar/vc-bitstring-status-list';
import { named } from '@digitalbazaar/credentials-context';
import dataIntegrityContext from '@digitalbazaar/data-integrity-context';
import multikeyContext from '@digitalbazaar/multikey-context';

const { credential, did, lists, contexts } = JSON.parse(readFileSync(0, 'utf8'));

const known = new Map(Object.entries(lists));
for (const [id, context] of Object.entries(contexts)) known.set(id, context);
for (const { id, context } of named.values()) known.set(id, context);
for (const [id, context] of dataIntegrityContext.contexts) known.set(id, context);
for (const [id, context] of multikeyContext.contexts) known.set(id, context);
known.set(did.id, did);
for (const method of did.verificationMethod) {
  known.set(method.id, { '@context': multikeyContext.constants.CONTEXT_URL, ...method });
}

async function documentLoader(url) {
  if (!known.has(url)) throw new Error(`not to be had offline: ${url}`);
  return { contextUrl: null, document: known.get(url), documentUrl: url };
}

const suite = new DataIntegrityProof({ cryptosuite, signer: undefined });
const result = await verifyCredential({
  credential,
  suite,
  documentLoader,
  checkStatus: (options) => checkStatus({ ...options, suite, documentLoader, verifyBitstringStatusListCredential: true }),
});
const says = (error) => (error?.errors ?? [error]).map((each) => each?.message ?? String(each));
console.log(JSON.stringify({
  verified: result.verified,
  statuses: result.statusResult?.results?.map(({ status, verified }) => ({ status, verified })) ?? null,
  statusVerified: result.statusResult?.verified ?? null,
  errors: result.error ? says(result.error) : [],
  statusErrors: result.statusResult?.error ? says(result.statusResult.error) : [],
}));
