/** Feathers' own events; the feed's publisher emits them, so Feathers itself must not. */
export const changeEvents = ['created', 'updated', 'patched', 'removed'] as const
