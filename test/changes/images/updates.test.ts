import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {EnvironmentImage, ImageUpdate} from '../../../source/changes/images/types.ts';
import {askForUpdates} from '../../../source/changes/images/updates.ts';
import {taggedPolicy} from '../../../source/registries/policies/tagged.ts';
import type {StatedPolicy} from '../../../source/registries/policies/types.ts';
import {parseImage} from '../../../source/registries/reference.ts';
import {Registries} from '../../../source/registries/registries.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

/** Registries over https that hold these tags by repository, each with a digest and a time; all else is refused. */
function registries(tags: Record<string, Record<string, {digest?: string; created?: string}>>) {
  const asked: string[] = [];
  const fetch = async (input: string | URL | Request) => {
    const url = new URL(String(input));
    asked.push(url.pathname);
    const [, repository = '', rest = ''] =
      /^\/v2\/(.+?)\/((?:tags|manifests|blobs)\/.*)$/.exec(url.pathname) ?? [];
    const known = tags[repository];
    if (known === undefined) return new Response(null, {status: 403});
    if (rest.startsWith('tags/')) return Response.json({tags: Object.keys(known)});
    const tag = known[rest.replace('manifests/', '')];
    if (tag === undefined) return new Response(null, {status: 404});
    // Who asks for its making gets a configuration in line with nothing: times alone are of use here.
    return new Response('{}', {headers: {'docker-content-digest': tag.digest ?? digest('0')}});
  };
  return {asked, registries: new Registries({fetch, credentials: async () => null})};
}

function stated(text: string, more: Partial<StatedPolicy> = {}): StatedPolicy {
  return {
    origin: 'config',
    name: 'a test',
    location: null,
    policy: taggedPolicy(text),
    pinsDigest: false,
    ...more,
  };
}

function image(name: string, policy: StatedPolicy | null = null): EnvironmentImage {
  return {image: name, reference: parseImage(name), users: [], policy, marker: null, live: []};
}

async function answers(
  images: readonly EnvironmentImage[],
  from: Registries,
): Promise<(readonly [ImageUpdate['state'], string | null, string | null])[]> {
  const told: ImageUpdate[] = [];
  const updates = await askForUpdates(images, from, new AbortController().signal, update =>
    told.push(update),
  );
  assert.deepEqual(new Set(told), new Set(updates), 'each is told');
  return updates.map(({state, target, problem}) => [state, target, problem] as const);
}

const host = 'registry.example';

test('digests are written where the policy asks for them, or where one stands', async () => {
  const {registries: from} = registries({
    app: {'1.0': {digest: digest('1')}, '1.1': {digest: digest('2')}, stable: {digest: digest('3')}},
  });
  const pins = {pinsDigest: true};
  const got = await answers(
    [
      image(`${host}/app:1.0`, stated('semver:~1')),
      image(`${host}/app:1.0@${digest('1')}`, stated('semver:~1')),
      image(`${host}/app:1.1@${digest('2')}`, stated('semver:~1')),
      image(`${host}/app:stable`, stated('digest:stable', pins)),
      image(`${host}/app:stable@${digest('1')}`, stated('digest:stable', pins)),
      image(`${host}/app:stable@${digest('3')}`, stated('digest:stable', pins)),
    ],
    from,
  );
  assert.deepEqual(got, [
    ['newer', `${host}/app:1.1`, null],
    ['newer', `${host}/app:1.1@${digest('2')}`, null],
    ['current', null, null],
    ['newer', `${host}/app:stable@${digest('3')}`, null],
    ['newer', `${host}/app:stable@${digest('3')}`, null],
    ['current', null, null],
  ]);
});

test('what can’t be told says why, each for itself', async () => {
  const {registries: from} = registries({app: {'1.0': {}, main: {}}});
  const got = await answers(
    [
      image(`${host}/app`),
      image(`${host}/app@${digest('1')}`),
      image(`${host}/app:main`),
      image(`${host}/app:0.9`),
      image(`${host}/private:1.0`),
      image(`${host}/app:1.0`, stated('semver:>=2')),
      image(`${host}/app:1.0`, stated('regexp:(')),
      image(`${host}/app:1.0`, stated('newest-build')),
      image('{{ .Values.image }}'),
    ],
    from,
  );
  const problems = got.map(([state, , problem]) => `${state} ${problem}`);
  const expected = [
    /^unknown it names no tag: what runs is whatever latest was/,
    /^unknown it names a digest and no tag/,
    /^unknown its tag is no version: a policy would say what is newer/,
    /^suggested null/,
    /^unknown registry\.example shows private to nobody without credentials.*docker login registry\.example/,
    /^unknown no tag of the registry fits the policy/,
    /^unknown "\(" is no regular expression of Go's/,
    /^unknown the answer of registry\.example is not what a registry gives/,
    /^unknown this is no image’s name/,
  ];
  for (const [index, pattern] of expected.entries()) assert.match(problems[index] ?? '', pattern);
});

test('where the user’s credentials don’t do, the choice of the cluster’s own controller is told', async () => {
  const {registries: from} = registries({});
  const latest = {tag: '1.4', digest: digest('4')};
  const chosen = (more: Partial<StatedPolicy> = {}) => stated('semver:~1', {latest, ...more});
  const got = await answers(
    [
      image(`${host}/private:1.0`, chosen()),
      image(`${host}/private:1.4`, chosen()),
      image(`${host}/private:1.0@${digest('1')}`, chosen()),
      image(`${host}/private:1.0@${digest('1')}`, chosen({latest: {tag: '1.4', digest: null}})),
    ],
    from,
  );
  assert.deepEqual(
    got.map(([state, target]) => [state, target]),
    [
      ['newer', `${host}/private:1.4`],
      ['current', null],
      ['newer', `${host}/private:1.4@${digest('4')}`],
      ['unknown', null],
    ],
  );
  assert.match(got[0]?.[2] ?? '', /docker login.*this is what the cluster's own controller chose last/);
});

test('one repository is asked once, however many images are of it', async () => {
  const {registries: from, asked} = registries({app: {'1.0': {}}});
  await answers(
    [
      image(`${host}/app:1.0`),
      image(`${host}/app:0.1`, stated('semver:0')),
      image(`${host}/app:0.2`, stated('semver:0')),
    ],
    from,
  );
  assert.equal(asked.filter(path => path.includes('/tags/')).length, 1);
});

test('too many tags to be asked when they were built are told to be so', async () => {
  const many = Object.fromEntries(Array.from({length: 61}, (_, index) => [`main-${index}`, {}]));
  const {registries: from, asked} = registries({app: many});
  const [got] = await answers([image(`${host}/app:main-1`, stated('glob:main-*'))], from);
  assert.match(got?.[2] ?? '', /61 tags fit the policy, and each would have to be asked/);
  assert.equal(asked.length, 1);
});
