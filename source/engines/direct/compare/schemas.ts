import {type Cluster, ClusterError} from '../../../cluster/types.ts';
import type {Kind} from '../../../resources/kind.ts';
import type {SchemaNode} from '../../../resources/schema.ts';
import {attempt} from '../live/live.ts';
import {inPool} from '../pool.ts';

const parallel = 16;

/** The schemas of kinds; one that can't be read counts as none, and what looks different is asked of the server then. */
export async function readSchemas(
  cluster: Pick<Cluster, 'schema'>,
  kinds: readonly Kind[],
  signal: AbortSignal,
): Promise<Map<Kind, SchemaNode>> {
  const schemas = new Map<Kind, SchemaNode>();
  await inPool(kinds, parallel, async kind => {
    const schema = await attempt(() => cluster.schema(kind, signal), signal);
    if (schema !== null && !(schema instanceof ClusterError)) schemas.set(kind, schema);
  });
  return schemas;
}
