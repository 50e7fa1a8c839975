import type {ClusterError} from '../../../cluster/types.ts';

/** A field that server-side apply would not take over unforced. */
export interface Conflict {
  /** As the server writes it: `.spec.replicas`, `.spec.template.spec.containers[name="web"].image`. */
  field: string;
  manager: string;
  /** How it owns the field: only an Update comes with the version (and time) that it was made at. */
  operation: 'Apply' | 'Update';
}

// https://github.com/kubernetes/apimachinery/blob/master/pkg/util/managedfields/internal/conflict.go (printManager)
const conflictMessage = /conflict with "((?:[^"\\]|\\.)*)"(?: with subresource "(?:[^"\\]|\\.)*")?( using )?/;

/** The conflicts that a server-side apply's 409 names; empty where it is a 409 for another reason. */
export function conflictsOf(error: ClusterError): Conflict[] {
  if (error.reason !== 'conflict') return [];
  return error.causes.flatMap(({field, message, reason}) => {
    if (reason !== 'FieldManagerConflict') return [];
    const match = conflictMessage.exec(message);
    return [
      {
        field,
        manager: match?.[1] ?? 'another manager',
        operation: match?.[2] === undefined ? 'Apply' : 'Update',
      },
    ];
  });
}
