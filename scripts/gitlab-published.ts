// What GitLab's own OpenAPI description says of the requests that source/forges makes, noted down from it by hand, because
// it is in no package. What it leaves unsaid comes from GitLab's Go client (gitlab-description.ts).

export const source =
  "GitLab's OpenAPI 3 description of API v4 (doc/api/openapi/openapi_v3.yaml, gitlabhq/gitlabhq at 07fbd7abe2d2c18b6e7ea6a14f627048f28aa795)";

/**
 * A field's type: a JSON type, `time` for a string, `[]` behind a list's, `|` between alternatives, `@` before an entity,
 * `names` for a list that may also be one string with commas, `unsaid` where nobody gave it one (the description then says
 * string, whatever it is); or the values that are allowed.
 */
export type Type = string | readonly string[];
export type Fields = Readonly<Record<string, Type>>;

/** Left out of the parameters: filters by what something is not, approvers and their rules, and what is for administrators. */
export interface Operation {
  query?: Fields;
  body?: Fields;
  required?: readonly string[];
  /** The entity that it answers; the description never says whether it is a list of them. */
  answer: string;
}

const page: Fields = {page: 'integer', per_page: 'integer'};
const ascending = ['asc', 'desc'];
const project = '/api/v4/projects/{id}';
const request = `${project}/merge_requests/{merge_request_iid}`;

const filters: Fields = {
  author_id: 'integer',
  author_username: 'string',
  assignee_id: 'integer|string',
  assignee_username: 'string',
  reviewer_username: 'string',
  labels: 'string',
  milestone: 'string',
  my_reaction_emoji: 'string',
  reviewer_id: 'integer|string',
  state: ['opened', 'closed', 'locked', 'merged', 'all'],
  order_by: [
    'created_at',
    'label_priority',
    'milestone_due',
    'popularity',
    'priority',
    'title',
    'updated_at',
    'merged_at',
  ],
  sort: ascending,
  with_labels_details: 'boolean',
  with_merge_status_recheck: 'boolean',
  created_after: 'time',
  created_before: 'time',
  updated_after: 'time',
  updated_before: 'time',
  view: ['simple'],
  scope: ['created-by-me', 'assigned-to-me', 'created_by_me', 'assigned_to_me', 'reviews_for_me', 'all'],
  source_branch: 'string',
  source_project_id: 'integer',
  target_branch: 'string',
  search: 'string',
  in: 'string',
  wip: ['yes', 'no'],
  deployed_before: 'string',
  deployed_after: 'string',
  environment: 'string',
  approved: ['yes', 'no'],
  merge_user_id: 'integer',
  merge_user_username: 'string',
  iids: 'integer',
};

const change: Fields = {
  title: 'string',
  target_branch: 'string',
  assignee_id: 'integer',
  assignee_ids: 'integer[]',
  reviewer_ids: 'integer[]',
  description: 'string',
  labels: 'names',
  add_labels: 'names',
  remove_labels: 'names',
  milestone_id: 'integer',
  remove_source_branch: 'boolean',
  allow_collaboration: 'boolean',
  allow_maintainer_to_push: 'boolean',
  squash: 'boolean',
  merge_after: 'string',
  approvals_before_merge: 'integer',
};

export const operations: Readonly<Record<string, Operation>> = {
  [`GET ${project}`]: {
    query: {
      statistics: 'boolean',
      with_custom_attributes: 'boolean',
      custom_attributes: 'object',
      license: 'boolean',
    },
    answer: 'ProjectWithAccess',
  },
  [`GET ${project}/merge_requests`]: {query: {...filters, ...page}, answer: 'MergeRequestBasic'},
  [`POST ${project}/merge_requests`]: {
    body: {...change, source_branch: 'string', target_project_id: 'integer'},
    required: ['title', 'source_branch', 'target_branch'],
    answer: 'MergeRequest',
  },
  [`GET ${request}`]: {
    query: {
      render_html: 'boolean',
      include_diverged_commits_count: 'boolean',
      include_rebase_in_progress: 'boolean',
    },
    answer: 'MergeRequest',
  },
  [`PUT ${request}`]: {
    body: {...change, state_event: ['close', 'reopen'], discussion_locked: 'boolean'},
    answer: 'MergeRequest',
  },
  [`PUT ${request}/merge`]: {
    body: {
      merge_commit_message: 'string',
      squash_commit_message: 'string',
      should_remove_source_branch: 'boolean',
      merge_when_pipeline_succeeds: 'boolean',
      auto_merge: 'boolean',
      sha: 'string',
      squash: 'boolean',
      skip_merge_train: 'boolean',
    },
    answer: 'MergeRequest',
  },
  [`GET ${request}/diffs`]: {query: {...page, unidiff: 'boolean'}, answer: 'Diff'},
  [`GET ${request}/reviewers`]: {answer: 'MergeRequestReviewer'},
  [`GET ${request}/approvals`]: {answer: 'MergeRequestApprovals'},
  [`GET ${project}/merge_requests/{noteable_id}/notes`]: {
    query: {
      order_by: ['created_at', 'updated_at'],
      sort: ascending,
      activity_filter: ['all_notes', 'only_comments', 'only_activity'],
      ...page,
    },
    answer: 'Note',
  },
  [`GET ${project}/repository/commits/{sha}/statuses`]: {
    query: {
      ref: 'string',
      stage: 'string',
      name: 'string',
      pipeline_id: 'integer',
      all: 'boolean',
      order_by: ['id', 'pipeline_id'],
      sort: ascending,
      ...page,
    },
    answer: 'CommitStatus',
  },
  [`GET ${project}/repository/commits/{sha}/merge_requests`]: {
    query: {state: 'string', ...page},
    answer: 'MergeRequestBasic',
  },
  [`GET ${project}/repository/branches/{branch}`]: {answer: 'Branch'},
  [`GET ${project}/protected_branches/{name}`]: {answer: 'ProtectedBranch'},
  'GET /api/v4/users': {
    query: {
      username: 'string',
      extern_uid: 'string',
      public_email: 'string',
      provider: 'string',
      search: 'string',
      active: 'boolean',
      humans: 'boolean',
      external: 'boolean',
      blocked: 'boolean',
      created_after: 'time',
      created_before: 'time',
      order_by: ['id', 'name', 'username', 'created_at', 'updated_at'],
      sort: ascending,
      ...page,
    },
    answer: 'UserBasic',
  },
};

const mergeRequest: Fields = {
  iid: 'integer',
  title: 'string',
  state: 'string',
  updated_at: 'time',
  target_branch: 'unsaid',
  source_branch: 'unsaid',
  author: '@UserBasic',
  reviewers: '@UserBasic',
  source_project_id: 'unsaid',
  target_project_id: 'unsaid',
  labels: 'unsaid',
  draft: 'unsaid',
  detailed_merge_status: 'unsaid',
  sha: 'unsaid',
  merge_commit_sha: 'unsaid',
  squash_commit_sha: 'unsaid',
  web_url: 'unsaid',
};

/** Of the entities, what is read of them. */
export const entities: Readonly<Record<string, Fields>> = {
  MergeRequestBasic: mergeRequest,
  MergeRequest: mergeRequest,
  UserBasic: {id: 'integer', username: 'string'},
  Diff: {new_path: 'string', old_path: 'string'},
  MergeRequestReviewer: {user: '@UserBasic', state: 'unsaid', created_at: 'unsaid'},
  MergeRequestApprovals: {approved: 'boolean', approved_by: '@Approvals'},
  Approvals: {user: '@UserBasic'},
  Note: {
    body: 'unsaid',
    author: '@UserBasic',
    created_at: 'unsaid',
    system: 'unsaid',
    position: 'unsaid',
    resolvable: 'unsaid',
    resolved: 'unsaid',
  },
  CommitStatus: {
    status: 'string',
    name: 'string',
    target_url: 'string',
    description: 'unsaid',
    allow_failure: 'boolean',
  },
  Branch: {name: 'string', protected: 'boolean', can_push: 'boolean'},
  ProtectedBranch: {name: 'string', allow_force_push: 'boolean'},
  ProjectWithAccess: {
    id: 'integer',
    merge_method: 'string',
    squash_option: 'string',
    only_allow_merge_if_pipeline_succeeds: 'boolean',
    permissions: 'unsaid',
    forked_from_project: '@BasicProjectDetails',
  },
  BasicProjectDetails: {path_with_namespace: 'string'},
};

/** What is read and the description does not have: it has the approvals' number in a deprecated request's answer only. */
export const missing: Readonly<Record<string, readonly string[]>> = {
  MergeRequestApprovals: ['approvals_required'],
};
