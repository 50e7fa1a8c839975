import type {FieldPath} from '../../resources/field-path.ts';
import {identityOf} from '../../resources/identity.ts';
import type {JsonObject} from '../../resources/json.ts';
import {placedObjects} from '../../sources/manifests.ts';
import {type Candidate, documentsOf, editCandidate, type Search, wishAt} from './candidate.ts';

/** The manifest that a resource was made of, edited at the field itself. */
export function manifestCandidates(search: Search): Candidate[] {
  const {resource, path, value, kustomize} = search;
  const {file} = resource.location;
  if (kustomize?.kustomizations.some(kustomization => kustomization.file === file) === true) return [];
  return manifestsOf(search).flatMap(({document, prefix}) =>
    editCandidate(search, file, document, wishAt([...prefix, ...path], value), 'its manifest'),
  );
}

/** Where the file that a resource comes from holds it: the longest name first that is in the rendered one. */
export function manifestsOf(search: Search): {document: number; prefix: FieldPath; object: JsonObject}[] {
  const wanted = identityOf(search.resource.object);
  return documentsOf(search, search.resource.location.file)
    .flatMap((root, document) =>
      placedObjects(root).map(({object, path: prefix}) => ({document, prefix, object})),
    )
    .filter(({object}) => {
      const id = identityOf(object);
      return (
        id.kind === wanted.kind &&
        id.group === wanted.group &&
        id.name !== '' &&
        wanted.name.includes(id.name)
      );
    })
    .sort((a, b) => identityOf(b.object).name.length - identityOf(a.object).name.length);
}
