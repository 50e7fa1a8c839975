import {linear, type Rgb} from '../../../source/app/text/color.ts';

export type Vision = 'usual' | 'protanopia' | 'deuteranopia' | 'tritanopia';

/**
 * What is left of a colour for somebody who lacks one kind of cone: Machado, Oliveira, Fernandes, "A Physiologically-based
 * Model for Simulation of Color Vision Deficiency" (IEEE TVCG 15(6), 2009), severity 1.0, on linear light.
 */
const matrices: Readonly<Record<Vision, readonly (readonly number[])[]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

export const visions = Object.keys(matrices) as Vision[];

/** How far apart two colours are for an eye: CIE 1976 (about 2.3 is just noticeable). */
export function distanceFor(vision: Vision, a: Rgb, b: Rgb): number {
  const [first, second] = [labOf(vision, a), labOf(vision, b)];
  return Math.hypot(...first.map((value, index) => value - (second[index] ?? 0)));
}

// Linear sRGB to CIE XYZ (IEC 61966-2-1), to L*a*b* with the white of D65.
function labOf(vision: Vision, color: Rgb): number[] {
  const light = color.map(linear);
  const dot = (row: readonly number[], values: readonly number[]) =>
    row.reduce((sum, factor, index) => sum + factor * (values[index] ?? 0), 0);
  const seen = matrices[vision].map(row => Math.min(1, Math.max(0, dot(row, light))));
  const curve = (value: number) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  const x = curve(dot([0.4124564, 0.3575761, 0.1804375], seen) / 0.95047);
  const y = curve(dot([0.2126729, 0.7151522, 0.072175], seen));
  const z = curve(dot([0.0193339, 0.119192, 0.9503041], seen) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
