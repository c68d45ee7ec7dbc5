/** Platforms of this machine: they share one workspace, and what they answer needs no posting. */
export const localPlatforms: readonly string[] = ['console', 'http', 'cli'];

export const LOCAL_WORKSPACE = 'local';

export const isLocal = (platform: string): boolean => localPlatforms.includes(platform);

/** Under which platform a workspace is kept. */
export const workspacePlatform = (platform: string): string => (isLocal(platform) ? LOCAL_WORKSPACE : platform);
