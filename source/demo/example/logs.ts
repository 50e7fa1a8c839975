import {createHash} from 'node:crypto';
import {type JsonObject, listAt, objectAt, stringAt} from '../../resources/json.ts';
import type {LogBook, WrittenLine} from '../api-server/logs.ts';

/** A node keeps so many lines of a container, and forgets those before. */
const kept = 4_000;

/** How a kind of container writes: how often on average (ms), and what its line at a time is. */
interface Writer {
  every: number;
  line(time: number, draw: (choices: number) => number, pod: string): string;
}

/** What the example's containers write: the same lines at the same times, whenever they are asked for. */
export const exampleLogs: LogBook = (pod, container, {from, to, previous}) => {
  const spec = listAt(objectAt(pod, 'spec'), 'containers').find(item => stringAt(item, 'name') === container);
  const name = stringAt(objectAt(pod, 'metadata'), 'name') ?? '';
  if (isJob(pod)) return reportLines(from);
  const writer = writers.find(([image]) => (stringAt(spec, 'image') ?? '').includes(image))?.[1];
  if (writer === undefined) return [];
  const {every} = writer;
  const first = Math.max(Math.floor(from / every) - 1, Math.floor(to / every) - kept);
  const lines: WrittenLine[] = [];
  for (let index = first; index <= Math.floor(to / every); index++) {
    const draw = drawer(`${name} ${container} ${previous} ${index}`);
    const time = index * every + draw(every);
    if (time >= from && time < to) lines.push({time, text: writer.line(time, draw, name)});
  }
  return previous ? [...lines, {time: to - 1, text: 'fatal error: runtime: out of memory'}] : lines;
};

const paths = [
  '/',
  '/cart',
  '/search?q=lamp',
  '/item/1041',
  '/item/77',
  '/checkout',
  '/healthz',
  '/assets/app.js',
];
const products = ['lamp', 'chair', 'teapot', 'notebook', 'umbrella'];

const writers: readonly (readonly [image: string, writer: Writer])[] = [
  [
    'nginx',
    {
      every: 1_700,
      line(time, draw) {
        const path = paths[draw(paths.length)];
        const status = draw(40) === 0 ? 503 : draw(25) === 0 ? 404 : 200;
        const address = `10.42.${draw(4)}.${draw(250) + 1}`;
        return `${address} - - [${apacheTime(time)}] "GET ${path} HTTP/1.1" ${status} ${draw(9000) + 120} "-" "Mozilla/5.0" ${(draw(400) / 1000).toFixed(3)}`;
      },
    },
  ],
  [
    'redis',
    {
      every: 21_000,
      line(time, draw) {
        const stamp = `1:M ${redisTime(time)} *`;
        return draw(3) === 0
          ? `${stamp} Background saving terminated with success`
          : `${stamp} ${draw(900) + 100} changes in 300 seconds. Saving...`;
      },
    },
  ],
  [
    'checkout',
    {
      every: 4_300,
      line(time, draw) {
        const isSlow = draw(12) === 0;
        const entry = {
          time: new Date(time).toISOString(),
          level: isSlow ? 'warn' : 'info',
          msg: isSlow ? 'payment provider answers slowly' : 'order placed',
          ...(isSlow ? {} : {order: 48_000 + draw(2000), item: products[draw(products.length)]}),
          ms: isSlow ? 2000 + draw(3000) : 20 + draw(180),
        };
        return JSON.stringify(entry);
      },
    },
  ],
];

function isJob(pod: JsonObject): boolean {
  return listAt(objectAt(pod, 'metadata'), 'ownerReferences').some(item => stringAt(item, 'kind') === 'Job');
}

/** A job that ran through: with a progress bar that writes over itself, as such tools do. */
function reportLines(start: number): WrittenLine[] {
  const bar = Array.from({length: 10}, (_, step) => `reading orders ${(step + 1) * 10}%`).join('\r');
  const texts = [
    'report for yesterday',
    bar,
    '1,204 orders, 96 returned',
    '\u001B[32mdone\u001B[0m in 8.2 s',
  ];
  return texts.map((text, index) => ({time: start + index * 2000, text}));
}

/** Numbers that follow from a text: the same ones each time. */
function drawer(seed: string): (choices: number) => number {
  const bytes = createHash('sha1').update(seed).digest();
  let at = 0;
  return choices => {
    const number = bytes.readUInt16BE((at * 2) % 18);
    at++;
    return number % choices;
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function apacheTime(time: number): string {
  const iso = new Date(time).toISOString();
  return `${iso.slice(8, 10)}/${months[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

function redisTime(time: number): string {
  const iso = new Date(time).toISOString();
  return `${iso.slice(8, 10)} ${months[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)} ${iso.slice(11, 23)}`;
}
