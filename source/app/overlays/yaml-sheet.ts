import type {JsonObject} from '../../resources/json.ts';
import {isInBlock, yamlSyntax} from '../diff/syntax.ts';
import {yamlLines} from '../diff/yaml.ts';
import {isLong} from '../text/cell.ts';
import type {Line} from '../text/line.ts';
import {shownWithTabs} from '../text/width.ts';
import type {Sheet} from './sheet.ts';

const cache = new WeakMap<JsonObject, readonly string[]>();

/** An object as YAML, with its syntax. */
export function yamlSheet(title: Line, object: JsonObject): Sheet {
  let lines = cache.get(object);
  if (lines === undefined) {
    lines = yamlLines(object).map(shownWithTabs);
    cache.set(object, lines);
  }
  const texts = lines;
  return {
    title,
    length: texts.length,
    source: texts,
    text: index => texts[index] ?? '',
    cells(index) {
      const text = texts[index] ?? '';
      const tones = () =>
        isLong(text)
          ? []
          : yamlSyntax(
              text,
              isInBlock(text, distance => texts[index - distance] ?? null),
            );
      return [{gutter: [], text, layers: () => ({tone: 'plain' as const, tones: tones()})}];
    },
  };
}
