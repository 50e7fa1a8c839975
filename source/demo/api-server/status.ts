import type {JsonObject} from '../../resources/json.ts';

/** One cause of a refusal, as in a Status object's details. */
export interface Cause {
  reason: string;
  message: string;
  field: string;
}

interface Details {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: readonly Cause[];
  retryAfterSeconds?: number;
}

/** A refusal, answered as a Status object in the real server's words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly reason: string;
  readonly details: Details | undefined;
  /** Of an expired list: how to go on without consistency. */
  readonly continueToken: string | undefined;

  constructor(code: number, reason: string, message: string, details?: Details, continueToken?: string) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.continueToken = continueToken;
  }

  status(): JsonObject {
    const status: JsonObject = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.continueToken === undefined ? {} : {continue: this.continueToken},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
    };
    if (this.details !== undefined) {
      const {causes, ...details} = this.details;
      status['details'] = {
        ...details,
        ...(causes === undefined ? {} : {causes: causes.map(cause => ({...cause}))}),
      };
    }
    status['code'] = this.code;
    return status;
  }
}

/** What a refusal says of the thing it was about: `deployments.apps "web"`. */
export interface Subject {
  group: string;
  plural: string;
  kind: string;
}

/** `deployments.apps`, `configmaps`. */
export function qualified(subject: {group: string; plural: string}): string {
  return subject.group === '' ? subject.plural : `${subject.plural}.${subject.group}`;
}

export function notFound(subject: Subject, name: string): ApiError {
  return new ApiError(
    404,
    'NotFound',
    `${qualified(subject)} ${JSON.stringify(name)} not found`,
    resource(subject, name),
  );
}

export function alreadyExists(subject: Subject, name: string): ApiError {
  return new ApiError(
    409,
    'AlreadyExists',
    `${qualified(subject)} ${JSON.stringify(name)} already exists`,
    resource(subject, name),
  );
}

export function conflict(subject: Subject, name: string, why: string): ApiError {
  return new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(subject)} ${JSON.stringify(name)}: ${why}`,
    resource(subject, name),
  );
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function internal(message: string): ApiError {
  return new ApiError(500, 'InternalError', message, {causes: [{reason: '', message, field: ''}]});
}

/** The server's reason for a wrong field, and how it starts the message. */
const fieldErrors = {
  required: ['FieldValueRequired', 'Required value'],
  invalid: ['FieldValueInvalid', 'Invalid value'],
  forbidden: ['FieldValueForbidden', 'Forbidden'],
  duplicate: ['FieldValueDuplicate', 'Duplicate value'],
  notSupported: ['FieldValueNotSupported', 'Unsupported value'],
  notFound: ['FieldValueNotFound', 'Not found'],
  type: ['FieldValueTypeInvalid', 'Invalid value'],
} as const;

/** A field that validation refuses; `message` is all that follows the error's own words. */
export interface FieldError {
  type: keyof typeof fieldErrors;
  field: string;
  message: string;
}

/** 422 with a cause for each wrong field. */
export function invalid(subject: Subject, name: string, errors: readonly FieldError[]): ApiError {
  const causes = errors.map(({type, field, message}) => {
    const [reason, words] = fieldErrors[type];
    return {reason, message: message === '' ? words : `${words}: ${message}`, field};
  });
  const listed = causes.map(cause => `${cause.field}: ${cause.message}`);
  // The same error twice is told once, and is two causes.
  const told = [...new Set(listed)];
  const text = told.length === 1 ? told[0] : `[${told.join(', ')}]`;
  return new ApiError(
    422,
    'Invalid',
    `${subject.kind}${subject.group === '' ? '' : `.${subject.group}`} ${JSON.stringify(name)} is invalid: ${text}`,
    {
      ...(name === '' ? {} : {name}),
      ...(subject.group === '' ? {} : {group: subject.group}),
      ...(subject.kind === '' ? {} : {kind: subject.kind}),
      causes,
    },
  );
}

export function resource(subject: Subject, name: string): {name?: string; group?: string; kind: string} {
  return {
    ...(name === '' ? {} : {name}),
    ...(subject.group === '' ? {} : {group: subject.group}),
    kind: subject.plural,
  };
}
