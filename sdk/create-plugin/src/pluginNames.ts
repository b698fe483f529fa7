/** What a plugin is called in its various places. */
export interface PluginNames {
  /** `@acme/lift`, `signalbox-plugin-lift` */
  readonly package: string
  /** The folder to make. */
  readonly folder: string
  /** `lift-control`: the short name, as the host derives it from that of the package. */
  readonly short: string
  /** `liftControl` */
  readonly identifier: string
}

/** Names that the template’s modules give to other things, and words of the language that a name may be. */
const taken = new Set(
  'doors,door,migrations,settings,name,id,ctx,await,case,class,default,delete,do,else,enum,export,for,if,import,in,new,of,package,return,static,switch,this,throw,try,type,var,void,while,with,yield'.split(
    ','
  )
)

/**
 * The names that follow from what somebody typed: a name, a scoped name, or the path of a folder. A name without a
 * scope gets the prefix by which plugins are found in the registry.
 */
export function pluginNames(typed: string): PluginNames {
  const isScoped = /^@[^/]+\/[^/]+$/.test(typed)
  const last =
    typed
      .replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .at(-1) ?? ''
  const short = last.replace(/^(signalbox-)?plugin-/, '')
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(short) || (isScoped && !/^@[a-z0-9][a-z0-9._-]*\//.test(typed))) {
    throw new Error(
      `${typed} cannot be the name of a plugin: use lower-case letters, digits and hyphens, as in lift-control.`
    )
  }
  const camel = short.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  return {
    package: isScoped ? typed : `signalbox-plugin-${short}`,
    folder: isScoped ? last : typed,
    short,
    identifier: taken.has(camel) ? `${camel}Plugin` : camel
  }
}
