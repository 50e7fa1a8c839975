/** The field manager of everything that gitops-tui applies. */
export const fieldManager = 'gitops-tui';
