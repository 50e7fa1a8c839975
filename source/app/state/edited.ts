import type {PullRequestChanges} from '../session.ts';
import type {EditPreview, EditRequestDialog} from './dialogs/dialog.ts';

/** What is to be written of a pull request: only what is not as it was. */
export function editedOf(dialog: EditRequestDialog, {request}: EditPreview): PullRequestChanges {
  const {title, draft, labels = [], reviewers = []} = dialog;
  return {
    ...(title === request.title ? {} : {title}),
    ...(draft === request.draft ? {} : {draft}),
    ...(labels.length === 0 ? {} : {labels}),
    ...(reviewers.length === 0 ? {} : {reviewers}),
  };
}
