import assert from 'node:assert/strict';
import test from 'node:test';
import {pathGlob, starGlob} from '../../source/registries/pattern.ts';
import {chooseTag, type ImagePolicy, newestBuild, policyWords} from '../../source/registries/policy.ts';
import {stepBetween, suggestTag} from '../../source/registries/suggest.ts';

const flux = (range: string): ImagePolicy => ({order: {by: 'semver', range, mode: 'strict'}, filters: []});
const filtered = (order: ImagePolicy['order'], pattern: string, extract: string | null): ImagePolicy => ({
  order,
  filters: [{type: 'pattern', pattern, extract}],
});
const numerical = (order: 'asc' | 'desc') => ({by: 'numerical', order}) as const;
const alphabetical = (order: 'asc' | 'desc') => ({by: 'alphabetical', order}) as const;

const minio = [
  'RELEASE.2020-07-31T03-39-05Z',
  'RELEASE.2020-08-26T00-00-49Z',
  'RELEASE.2020-08-04T23-10-51Z',
];
const main = [
  'main-a1b2c3-1606364286',
  'main-ffffff-1606234201',
  'main-0a0a0a-1606343034',
  'feature-bb-1706364286',
];

// The examples of https://fluxcd.io/flux/components/image/imagepolicies/ and
// https://fluxcd.io/flux/guides/sortable-image-tags/, and the orders that they state.
const cases: [what: string, policy: ImagePolicy, tags: readonly string[], newest: string][] = [
  ['stable versions', flux('>=1.0.0'), ['0.9.0', '1.4.3', '1.4.4-rc.1', 'latest'], '1.4.3'],
  ['patches of 5.0', flux('5.0.x'), ['5.0.0', '5.0.9', '5.1.0', 'v5.0.10'], 'v5.0.10'],
  ['pre-releases too', flux('>=1.0.0-0'), ['1.4.3', '1.4.4-rc.1'], '1.4.4-rc.1'],
  ['two numbers are no version to Flux', flux('*'), ['1.0.0', '2.0', '3'], '1.0.0'],
  [
    'release candidates',
    filtered({by: 'semver', range: '^1.x-0', mode: 'strict'}, '.*-rc.*', null),
    ['1.2.0', '1.2.0-rc.2', '1.2.0-rc.10', '2.0.0-rc.1'],
    '1.2.0-rc.10',
  ],
  [
    'a sortable time',
    filtered(alphabetical('asc'), '^RELEASE\\.(?P<timestamp>.*)Z$', '$timestamp'),
    minio,
    minio[1] ?? '',
  ],
  [
    'in descending order',
    filtered(alphabetical('desc'), '^RELEASE\\.(?P<timestamp>.*)Z$', '$timestamp'),
    minio,
    minio[0] ?? '',
  ],
  ['a build’s time', filtered(numerical('asc'), '^main-[a-fA-F0-9]+-(?P<ts>.*)', '$ts'), main, main[0] ?? ''],
  ['its other end', filtered(numerical('desc'), '^main-[a-fA-F0-9]+-(?P<ts>.*)', '$ts'), main, main[1] ?? ''],
  [
    'numbers by their size',
    filtered(numerical('asc'), '^b(\\d+)$', ['$', '{1}'].join('')),
    ['b9', 'b10', 'b1'],
    'b10',
  ],
  [
    'long numbers to the last digit',
    {order: numerical('asc'), filters: []},
    ['90071992547409931', '90071992547409932'],
    '90071992547409932',
  ],
  ['letters by their bytes', {order: alphabetical('asc'), filters: []}, ['b', 'B', 'a'], 'b'],
  [
    'a version inside of a tag',
    filtered({by: 'semver', range: '~1.2', mode: 'strict'}, '^app-(?P<v>.*)$', '$v'),
    ['app-1.2.9', 'app-1.3.0'],
    'app-1.2.9',
  ],
  // Weave Flux: https://docs.fluxcd.io/en/1.21.1/references/automated-image-update/.
  [
    'loose versions',
    {order: {by: 'semver', range: '~1', mode: 'lenient'}, filters: []},
    ['1.4', 'v1.5', '2.0', '1.4.9'],
    'v1.5',
  ],
  [
    'a version between two texts',
    {
      order: {by: 'semver', range: '1.x', mode: 'lenient'},
      filters: [{type: 'around', prefix: 'v', suffix: '-dev'}],
    },
    ['v1.2.0-dev', 'v1.10.0-dev', 'v1.11.0', 'v2.0.0-dev'],
    'v1.10.0-dev',
  ],
  // Argo CD Image Updater.
  [
    'without what is ignored',
    {
      order: {by: 'semver', range: '', mode: 'lenient'},
      filters: [{type: 'ignore', globs: ['2.*', '*-beta']}],
    },
    ['1.9.0', '1.10.0', '2.0.0', '3.0.0-beta'],
    '1.10.0',
  ],
  ['one tag’s content', {order: {by: 'digest', tag: 'stable'}, filters: []}, ['stable', 'edge'], 'stable'],
];

test('a policy chooses the tag that its tool would choose, however the registry orders them', () => {
  for (const [what, policy, tags, newest] of cases) {
    assert.deepEqual(chooseTag(policy, tags), {tag: newest}, what);
    assert.deepEqual(chooseTag(policy, [...tags].reverse()), {tag: newest}, `${what}, reversed`);
  }
});

test('a policy that can’t be followed says why', () => {
  const problem = (policy: ImagePolicy, tags: readonly string[]) => {
    const choice = chooseTag(policy, tags);
    return 'problem' in choice ? choice.problem : JSON.stringify(choice);
  };
  assert.equal(problem(flux('>=2'), ['1.0.0']), 'no tag of the registry fits the policy');
  assert.equal(problem(flux('newest'), ['1.0.0']), '"newest" is no version range');
  assert.match(
    problem({order: numerical('asc'), filters: []}, ['12', 'latest']),
    /the tag latest has no number/,
  );
  assert.match(
    problem(filtered(numerical('asc'), '(?=a)', null), ['a1']),
    /is no regular expression of Go's/,
  );
  assert.match(problem({order: {by: 'digest', tag: 'x'}, filters: []}, ['y']), /has no tag x/);
});

test('the newest build is the one that was built last, and none is made up', () => {
  const policy: ImagePolicy = {order: {by: 'build'}, filters: [{type: 'glob', glob: 'master-*'}]};
  assert.deepEqual(chooseTag(policy, ['master-a', 'dev-b', 'master-c']), {build: ['master-a', 'master-c']});
  const times = new Map([
    ['master-a', '2024-05-02T10:00:00Z'],
    ['master-b', null],
    ['master-c', '2024-05-02T12:00:00+02:00'],
    ['master-d', '2024-05-01T23:59:59Z'],
  ]);
  assert.equal(newestBuild(times), 'master-c');
  assert.equal(newestBuild(new Map([['a', null]])), null);
});

test('a pattern that would take a backtracking engine for ever takes no time', () => {
  const tags = ['a'.repeat(100), `${'a'.repeat(100)}!`];
  const choice = chooseTag(filtered(alphabetical('asc'), '^(a+)+$', null), tags);
  assert.deepEqual(choice, {tag: 'a'.repeat(100)});
});

test('globs match as those of their tools', () => {
  const star = (glob: string, text: string) => starGlob(glob)(text);
  assert.deepEqual(
    [
      star('*', ''),
      star('master-*', 'master-'),
      star('a*b*c', 'aXbYc'),
      star('a*a', 'a'),
      star('a?', 'ab'),
      star('x', 'xy'),
    ],
    [true, true, true, false, false, false],
  );
  const path = (glob: string, text: string) => {
    const match = pathGlob(glob);
    return typeof match === 'string' ? match : match(text);
  };
  assert.deepEqual(
    [path('v?.*', 'v1.2'), path('[0-9]*', '7x'), path('[^a-c]x', 'bx'), path('a.c', 'abc'), path('\\*', '*')],
    [true, true, false, false, true],
  );
  assert.equal(path('[a', 'a'), '"[a" is no pattern');
});

test('a policy reads in words', () => {
  assert.equal(policyWords(flux('~1.2')), 'semver ~1.2');
  assert.equal(
    policyWords(filtered(numerical('asc'), '^main-(\\d+)$', '$1')),
    'numerical asc of ^main-(\\d+)$',
  );
});

test('without a policy the highest version of the same shape is suggested, and never a pre-release', () => {
  const nginx = [
    '1.26.1',
    '1.27.0',
    '1.27',
    '1',
    'latest',
    '1.27.0-alpine',
    '1.28.0-alpine',
    '1.28.0-perl',
    '1.29.0-rc.1',
    'mainline',
  ];
  assert.equal(suggestTag('1.26.1', nginx), '1.27.0');
  assert.equal(suggestTag('1.26.1-alpine', nginx), '1.28.0-alpine');
  assert.equal(suggestTag('1.26', nginx), '1.27');
  assert.equal(suggestTag('1.27.0', nginx), null);
  assert.equal(suggestTag('v1.2.3', ['1.2.4', 'v1.2.10', 'v1.2.9']), 'v1.2.10');
  assert.equal(suggestTag('20-alpine', ['22-alpine', '22-slim', '23']), '22-alpine');
  assert.equal(suggestTag('latest', nginx), null);
  assert.equal(suggestTag('1.0.0-rc.1', ['1.0.0-rc.2', '1.0.1-rc.1']), null);
  assert.equal(suggestTag('20240101120000', ['20240102120000']), null);
  assert.equal(suggestTag('8c4ed23', ['9c4ed23']), null);
});

test('a step is named by the first number that changes', () => {
  const steps = [
    ['1.2.3', '1.2.4'],
    ['1.2.3', '1.3.0'],
    ['v1.2', 'v2.0'],
    ['1.2.3', '1.2.2'],
    ['main-1', 'main-2'],
    ['1.2.3', '1.2.3'],
  ].map(([from = '', to = '']) => stepBetween(from, to));
  assert.deepEqual(steps, ['patch', 'minor', 'major', 'down', 'other', null]);
});
