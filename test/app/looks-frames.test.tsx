// Frames of events, logs and a field in each of their states, kept in frames/.
import type {Session} from '../../source/app/session.ts';
import {ClusterError} from '../../source/cluster/types.ts';
import type {EventsSeen, LogNews} from '../../source/looks/types.ts';
import {clusterEvent, eventsSeen, fieldNews, logLines, pods, sources} from './fake-looks.ts';
import {goldenTests, type Scene} from './golden.tsx';

const never = () => new Promise<never>(() => {});
const forbidden = {
  severity: 'error',
  message:
    'events is forbidden: User "jane" cannot list resource "events" in API group "" in the namespace "payments"',
  fix: 'ask for the list verb on events in namespace payments',
} as const;
const noLogs =
  'pods "checkout-api-7d4b9c6f5d-x2kqp" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "payments"; ask for the get verb on pods/log in namespace payments';

const events = (...told: Partial<EventsSeen>[]): Partial<Session> => ({
  followEvents(_name, _target, _signal, onSeen) {
    for (const seen of told) onSeen({...eventsSeen, ...seen});
    return never();
  },
});

const logs = (...told: LogNews[]): Partial<Session> => ({
  followLogs(_name, _query, _signal, onNews) {
    for (const news of told) onNews(news);
    return never();
  },
});

const known: LogNews = {type: 'sources', pods, sources, problems: [], isRead: true};
const nasty = [
  ...logLines(30),
  ...logLines(1, {
    time: '2026-08-07T11:51:00.000000000Z',
    text: `a long line ${'that goes on and on, '.repeat(20)}to its end`,
  }),
  ...logLines(1, {
    time: '2026-08-07T11:51:01.000000000Z',
    text: 'the log broke off: the connection broke',
    kind: 'trouble',
  }),
  ...logLines(1, {time: '2026-08-07T11:51:02.000000000Z', text: 'a new pod', kind: 'note', container: ''}),
];

const toResource = ['2', 'n', 'h'];

const scenes: readonly Scene[] = [
  {name: 'events-80x24', keys: [...toResource, 'E'], until: 'BackOff'},
  {name: 'events-120x35', keys: [...toResource, 'E'], until: 'BackOff', columns: 120, rows: 35},
  {name: 'events-ascii-80x24', keys: [...toResource, 'E'], until: 'BackOff', ascii: true},
  {
    name: 'events-reading-80x24',
    keys: [...toResource, 'E'],
    session: {followEvents: never},
    until: 'reading events',
  },
  {
    name: 'events-none-80x24',
    keys: [...toResource, 'E'],
    session: events({events: [], pods: [], object: null}),
    until: 'forgets them',
  },
  {
    name: 'events-forbidden-80x24',
    keys: [...toResource, 'E'],
    // Twice, as where what is followed for it fails alike: it is said once.
    session: events({events: [], problems: [forbidden, {...forbidden}], isRead: false}),
    until: 'forbidden',
  },
  {
    name: 'events-missing-80x24',
    keys: [...toResource, 'E'],
    session: events({
      object: null,
      pods: [],
      isMissing: true,
      events: [clusterEvent({relation: 'former', reason: 'ScalingReplicaSet'})],
    }),
    until: 'earlier Deployment',
  },
  {
    name: 'events-failed-80x24',
    keys: [...toResource, 'E'],
    session: {
      async followEvents() {
        throw new ClusterError('unreachable', 'https://eks.example: the connection was refused', {
          fix: 'check the VPN',
        });
      },
    },
    until: 'refused',
  },
  {
    name: 'events-environment-80x24',
    keys: ['2', 'h', 'h', 'h', 'E'],
    session: events({object: null, pods: []}),
    until: 'BackOff',
  },
  {name: 'events-warnings-80x24', keys: [...toResource, 'E', '.', '/', 'b', 'a', 'c', 'k'], until: 'BackOff'},
  {name: 'logs-80x24', keys: [...toResource, 't'], until: 'orders/39'},
  {name: 'logs-120x35', keys: [...toResource, 't'], until: 'orders/39', columns: 120, rows: 35},
  {
    name: 'logs-reading-80x24',
    keys: [...toResource, 't'],
    session: {followLogs: never},
    until: 'looking for its pods',
  },
  {
    name: 'logs-wrapped-80x24',
    keys: [...toResource, 't', 'w', 't'],
    session: logs(known, {type: 'lines', lines: nasty, dropped: 1200}),
    until: 'a new pod',
  },
  {
    name: 'logs-forbidden-80x24',
    keys: [...toResource, 't'],
    session: logs({
      ...known,
      sources: sources.map(source => ({...source, state: 'refused', reason: noLogs})),
    }),
    until: 'get verb',
  },
  {
    name: 'logs-no-pods-80x24',
    keys: [...toResource, 't'],
    session: logs({...known, pods: [], sources: []}),
    until: 'no pods now',
  },
  {
    name: 'logs-waiting-80x24',
    keys: [...toResource, 't'],
    session: logs({
      ...known,
      sources: sources.map(source => ({
        ...source,
        state: 'waiting',
        reason: 'ImagePullBackOff: no such image',
      })),
    }),
    until: 'ImagePullBackOff',
  },
  {name: 'field-80x24', keys: ['2', 'n', 'f'], until: 'all that there are'},
  {name: 'field-120x35', keys: ['2', 'n', 'f', 'G'], until: 'all that there are', columns: 120, rows: 35},
  {
    name: 'field-unreachable-80x24',
    keys: ['2', 'n', 'f'],
    session: {
      async fieldDetail(_name, _question, _signal, onNews) {
        const problem = {
          severity: 'error',
          message: 'https://eks.example: the connection was refused',
        } as const;
        onNews({type: 'live', live: {problem}, owners: [], applied: {none: 'nothing is live'}});
        for (const news of fieldNews.slice(1)) onNews(news);
      },
    },
    until: 'all that there are',
  },
];

goldenTests(scenes);
