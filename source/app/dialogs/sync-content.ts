import type {SyncPlan, SyncStep} from '../../engines/types.ts';
import {formatIdentity} from '../../resources/identity.ts';
import {keySpan, keyWord} from '../keys/key-words.ts';
import {blockedBecause, type SyncDialog} from '../state/dialogs/dialog.ts';
import {environmentNamed} from '../state/state.ts';
import {fit, type Line, line, type Span, span, wrap} from '../text/line.ts';
import {type Look, spinnerOf} from '../text/theme.ts';
import {count, shortRevision} from '../text/value.ts';
import {clipMiddle} from '../text/width.ts';
import {buttons, checkbox} from './buttons.ts';
import type {DialogContent, DialogProps} from './dialog.ts';

type Props = DialogProps<SyncDialog>;

/** What the sync dialog shows: the plan with its choices. */
export function syncContent(props: Props): DialogContent {
  return {title: `Sync ${props.dialog.environment}`, lines: bodyLines(props)};
}

function bodyLines(props: Props): Line[] {
  const {dialog, look, frame, columns} = props;
  const {stage} = dialog;
  switch (stage.at) {
    case 'planning': {
      const spinner = spinnerOf(look.glyphs, frame);
      return [
        line(span(`${spinner} asking the cluster what would change (dry run)`, 'busy')),
        [],
        optionLine(props, null),
        [],
        buttons('cancel', 'Cancel', null, false),
      ];
    }
    case 'plan':
    case 'typing':
      return planLines(props, stage.plan);
    case 'failed': {
      const fix = stage.problem.fix === undefined ? [] : wrap(stage.problem.fix, columns);
      return [
        ...wrap(`${look.glyphs.failed} ${stage.problem.message}`, columns).map(text =>
          line(span(text, 'bad')),
        ),
        ...fix.map(text => line(text)),
        line('Nothing was changed.'),
        line(keySpan(props.state, 'retry'), ' plans it again'),
        [],
        buttons('cancel', 'Close', null, false),
      ];
    }
  }
}

function planLines(props: Props, plan: SyncPlan): Line[] {
  const {dialog, look, columns} = props;
  const {stage} = dialog;
  const steps = stepLines(plan, columns, look);
  const moved = stage.at === 'plan' && stage.moved;
  const blocked = blockedBecause(
    {...dialog, stage: {at: 'plan', plan, moved: false}},
    props.state.preferences,
  );
  return [
    ...(moved
      ? [line(span('The cluster moved since the plan: nothing was done, this is the new plan.', 'drift'))]
      : []),
    ...headLines(props, plan),
    ...steps,
    [],
    optionLine(props, plan),
    ...summaryLines(plan, columns),
    ...confirmLines(props, blocked),
  ];
}

function headLines({state, dialog, columns, look}: Props, plan: SyncPlan): Line[] {
  const report = environmentNamed(state, dialog.environment)?.report;
  const all = report?.resources.length;
  const changes = plan.steps.filter(({action}) => action !== 'skip').length;
  const of = all === undefined ? count(changes, 'object') : `${changes} of ${count(all, 'object')}`;
  const which = dialog.only === null ? '' : `, only the ${dialog.only.length} marked`;
  const head = line(span(plan.context, 'strong'), `   git ${shortRevision(plan.revision)}   ${of}${which}`);
  return [fit(head, columns, look.glyphs.ellipsis)];
}

// A plan of thousands is drawn for each key while it is scrolled: its lines are made once.
const drawn = new WeakMap<SyncPlan, {columns: number; look: Look; lines: readonly Line[]}>();

function stepLines(plan: SyncPlan, columns: number, look: Look): readonly Line[] {
  const known = drawn.get(plan);
  if (known?.columns === columns && known.look === look) return known.lines;
  const lines = plan.steps.map(step => stepLine(step, columns, look));
  drawn.set(plan, {columns, look, lines});
  return lines;
}

function stepLine(step: SyncStep, columns: number, look: Look): Line {
  const {glyphs} = look;
  const marks: Record<SyncStep['action'], Span> = {
    create: span(`${glyphs.missing} `, 'added'),
    apply: span(`${glyphs.modified} `, 'drift'),
    delete: span(`${glyphs.extra} `, 'bad'),
    skip: span('  ', 'dim'),
  };
  const words = stepWords(step);
  const room = Math.floor(columns * 0.58);
  const name = clipMiddle(formatIdentity(step.id), room - 2, glyphs.ellipsis);
  return [
    ...fit([marks[step.action], span(name, step.action === 'skip' ? 'dim' : 'plain')], room),
    span('  '),
    ...words,
  ];
}

function stepWords(step: SyncStep): Span[] {
  if (step.trouble === 'conflict') {
    const first = step.conflicts[0];
    const who = first === undefined ? '' : ` with ${first.manager}: ${first.field}`;
    return [span(`conflict${who} (f takes over)`, 'bad')];
  }
  if (step.trouble !== null) return [span(step.reason ?? step.trouble, 'bad')];
  switch (step.action) {
    case 'create':
      return [span('created', 'added')];
    case 'delete':
      return [span('deleted', 'bad')];
    case 'skip':
      return [span(`skipped${step.reason === null ? '' : `: ${step.reason}`}`, 'dim')];
    case 'apply':
      return [span(count(step.fields, 'field'))];
  }
}

function optionLine({state, dialog}: Props, plan: SyncPlan | null): Line {
  const prunable = plan === null || plan.prunable === 0 ? '' : ` (${plan.prunable})`;
  const conflicts = plan === null || plan.conflicts === 0 ? '' : ` (${count(plan.conflicts, 'conflict')})`;
  return [
    ...checkbox(dialog.prune, keyWord(state, 'prune'), `prune${prunable}`),
    span('   '),
    ...checkbox(dialog.wait, keyWord(state, 'wait'), 'wait for health'),
    span('   '),
    ...checkbox(dialog.force, keyWord(state, 'force-or-draft'), `force${conflicts}`),
  ];
}

function summaryLines(plan: SyncPlan, columns: number): Line[] {
  const counted = (action: SyncStep['action']) => plan.steps.filter(step => step.action === action).length;
  const words = `${counted('apply')} patch, ${counted('create')} create, ${counted('delete')} delete`;
  const ok = plan.blockers.length === 0;
  const seconds = plan.dryRunSeconds.toFixed(1);
  return [
    line(
      span(
        ok ? `Dry run ok in ${seconds}s: ${words}` : `Dry run in ${seconds}s: this plan can't run`,
        ok ? 'good' : 'bad',
      ),
    ),
    ...plan.blockers
      .slice(0, 3)
      .flatMap(text => wrap(text, columns - 2).map(part => line(span(`  ${part}`, 'bad')))),
    ...plan.problems.slice(0, 2).map(({message}) => line(span(`  ${message}`, 'drift'))),
  ];
}

function confirmLines({dialog}: Props, blocked: string | null): Line[] {
  if (dialog.stage.at === 'typing') {
    const {typed, wrong} = dialog.stage;
    return [
      [],
      line('Type ', span(dialog.environment, 'strong'), ' to change it: ', span(typed, 'strong'), '_'),
      line(
        wrong
          ? span(`that is not ${dialog.environment}`, 'bad')
          : span('enter applies, esc goes back', 'dim'),
      ),
    ];
  }
  const protectedLine = dialog.protected
    ? [line('Protected: Apply then asks you to type ', span(dialog.environment, 'strong'))]
    : [];
  const isSaid = dialog.stage.at === 'plan' && dialog.stage.plan.blockers.length > 0;
  const blockedLine =
    blocked === null || isSaid ? [] : [line(span(`Apply can't be pressed: ${blocked}`, 'drift'))];
  return [...protectedLine, ...blockedLine, buttons(dialog.focus, 'Cancel', 'Apply', blocked !== null)];
}
