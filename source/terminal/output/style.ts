/** How a cell looks. There is one object for each look: two styles are equal where they are the same. */
export interface Style {
  /** SGR parameters of the colours ('31', '38;5;12'); '' for the terminal's own. */
  readonly foreground: string;
  readonly background: string;
  /** A bit for each attribute of `attributes`. */
  readonly attributes: number;
  /** Parameters and address of a hyperlink (OSC 8), as `params;address`; '' for none. */
  readonly link: string;
  /** What a space shows of this style. */
  readonly blank: Style;
}

type Look = {-readonly [Key in Exclude<keyof Style, 'blank'>]: Style[Key]};

// SGR codes that switch on and off (ECMA-48 8.3.117), in the order of their bits. Bold and faint are switched off together.
const attributes = [
  {on: '1', off: '22', isSeenOnBlank: false},
  {on: '2', off: '22', isSeenOnBlank: false},
  {on: '3', off: '23', isSeenOnBlank: false},
  {on: '4', off: '24', isSeenOnBlank: true},
  {on: '5', off: '25', isSeenOnBlank: false},
  {on: '7', off: '27', isSeenOnBlank: true},
  {on: '8', off: '28', isSeenOnBlank: false},
  {on: '9', off: '29', isSeenOnBlank: true},
] as const;
const seenOnBlank = attributes.reduce(
  (bits, {isSeenOnBlank}, bit) => bits | (isSeenOnBlank ? 1 << bit : 0),
  0,
);

const styles = new Map<string, Style>();
const transitions = new Map<Style, Map<Style, string>>();
const parsed = new Map<Style, Map<string, Style>>();

/** The terminal's own look. */
export const ordinary: Style = styleOf({foreground: '', background: '', attributes: 0, link: ''});

/** The shortest sequence that takes a terminal from one style to another; '' where they are the same. */
export function transition(from: Style, to: Style): string {
  if (from === to) return '';
  return remembered(transitions, from, to, () => {
    const link = from.link === to.link ? '' : `\u001B]8;${to.link === '' ? ';' : to.link}\u001B\\`;
    const changes = changesOf(from, to);
    const fresh = wholeOf(to);
    if (changes.length === 0) return link;
    const anew = fresh.length === 0 ? '' : ['0', ...fresh].join(';');
    const delta = changes.join(';');
    return `\u001B[${anew.length < delta.length ? anew : delta}m${link}`;
  });
}

/** The style after an SGR sequence with these parameters. What is unknown changes nothing. */
export function afterSgr(style: Style, parameters: string): Style {
  return remembered(parsed, style, parameters, () => {
    const {foreground, background, attributes: bits, link} = style;
    const look: Look = {foreground, background, attributes: bits, link};
    const codes = parameters.split(';');
    while (codes.length > 0) apply(look, codes);
    return styleOf(look);
  });
}

/** The same style in a hyperlink (OSC 8: `params;address`), or in none. */
export function withLink(style: Style, link: string): Style {
  const {foreground, background, attributes: bits} = style;
  return styleOf({foreground, background, attributes: bits, link: link === ';' ? '' : link});
}

/** Whether what is erased in this style is as blank as in the terminal's own (terminals erase with the background). */
export function erasesBlank(style: Style): boolean {
  return style.blank === ordinary;
}

function styleOf({foreground, background, attributes: bits, link}: Look): Style {
  const key = `${foreground}|${background}|${bits}|${link}`;
  const known = styles.get(key);
  if (known !== undefined) return known;
  const seen = bits & seenOnBlank;
  const seenForeground = seen === 0 ? '' : foreground;
  let blank: Style | undefined;
  const style: Style = {
    foreground,
    background,
    attributes: bits,
    link,
    get blank(): Style {
      const isAllSeen = seen === bits && seenForeground === foreground;
      blank ??= isAllSeen ? this : styleOf({foreground: seenForeground, background, attributes: seen, link});
      return blank;
    },
  };
  styles.set(key, style);
  return style;
}

/** Takes the next code, with its parameters, from the front of `codes`. */
function apply(look: Look, codes: string[]): void {
  const code = codes.shift() || '0';
  if (code === '0') {
    look.foreground = '';
    look.background = '';
    look.attributes = 0;
  } else if (/^(?:3[0-7]|9[0-7])$/.test(code)) look.foreground = code;
  else if (/^(?:4[0-7]|10[0-7])$/.test(code)) look.background = code;
  else if (code === '39') look.foreground = '';
  else if (code === '49') look.background = '';
  else if (code === '38' || code === '48') {
    const color = shortColor([code, ...codes.splice(0, codes[0] === '2' ? 4 : 2)]);
    if (code === '38') look.foreground = color;
    else look.background = color;
  } else {
    for (const [bit, {on, off}] of attributes.entries()) {
      if (code === on) look.attributes |= 1 << bit;
      if (code === off) look.attributes &= ~(1 << bit);
    }
  }
}

// Of xterm's 256 colours: the steps of its cube (from 16 on) and of its greys (from 232 on).
const cube = [0, 95, 135, 175, 215, 255];
// Some palettes have colours of their own up to here.
const firstCommon = 22;

/** A true colour by its number where it is one of the 256: six bytes less for each. Others stay as they are. */
function shortColor(codes: readonly string[]): string {
  const [code, kind, ...values] = codes;
  const [red = -1, green = -1, blue = -1] = values.map(Number);
  if (kind !== '2') return codes.join(';');
  const [r, g, b] = [red, green, blue].map(value => cube.indexOf(value)) as [number, number, number];
  const inCube = Math.min(r, g, b) < 0 ? -1 : 16 + 36 * r + 6 * g + b;
  const isGrey = red === green && green === blue && red >= 8 && red <= 238 && (red - 8) % 10 === 0;
  const index = isGrey ? 232 + (red - 8) / 10 : inCube;
  return index < firstCommon ? codes.join(';') : `${code};5;${index}`;
}

function changesOf(from: Style, to: Style): string[] {
  const codes: string[] = [];
  let bits = from.attributes;
  for (const [bit, {off}] of attributes.entries()) {
    if ((bits & ~to.attributes & (1 << bit)) === 0) continue;
    codes.push(off);
    for (const [other, {off: same}] of attributes.entries()) if (same === off) bits &= ~(1 << other);
  }
  for (const [bit, {on}] of attributes.entries())
    if ((to.attributes & ~bits & (1 << bit)) !== 0) codes.push(on);
  if (from.foreground !== to.foreground) codes.push(to.foreground || '39');
  if (from.background !== to.background) codes.push(to.background || '49');
  return codes;
}

function wholeOf({foreground, background, attributes: bits}: Style): string[] {
  const codes = attributes.flatMap(({on}, bit) => ((bits & (1 << bit)) === 0 ? [] : [on]));
  return [...codes, foreground, background].filter(code => code !== '');
}

function remembered<Key, Value>(
  memory: Map<Style, Map<Key, Value>>,
  style: Style,
  key: Key,
  compute: () => Value,
): Value {
  const values = memory.get(style);
  const known = values?.get(key);
  if (known !== undefined) return known;
  const value = compute();
  if (values === undefined) memory.set(style, new Map([[key, value]]));
  else values.set(key, value);
  return value;
}
