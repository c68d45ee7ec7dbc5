/** A person of a workspace, as a platform names both. */
export interface PersonOfPlatform {
  readonly platform: string;
  readonly workspace: string;
  readonly person: { readonly key: string; readonly name: string };
}
