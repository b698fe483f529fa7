import { anonymousCaller, PlatformError, systemCaller, type Caller } from '@signalbox/plugin'
import type { HookContext, NextFunction } from '@feathersjs/feathers'
import type { Access } from '../access/Access.ts'
import type { UnitsOfWork } from '../data/unitOfWork.ts'
import type { RequestLimiter } from '../limits/RequestLimiter.ts'
import { mapDatabaseError } from '../data/mapDatabaseError.ts'
import { currentRequest, withRequest } from '../logging/requestContext.ts'
import type { CallContext } from './CallContext.ts'
import { compilePlan, type Plan } from './compilePlan.ts'
import { fingerprint, type Idempotency } from './Idempotency.ts'
import type { ListAnswer } from './listForms.ts'
import type { Registry } from './Registry.ts'
import { requireShallow } from './requireShallow.ts'

export interface PipelineParts {
  readonly registry: Registry
  readonly access: Access
  readonly units: UnitsOfWork
  readonly idempotency: Idempotency
  /** The caller behind a token; undefined where it is not good. */
  readonly callerOf: (token: string) => Promise<Caller | undefined>
  readonly limiter: RequestLimiter
}

type Step = (call: CallContext, plan: Plan, next: NextFunction) => Promise<void>

/**
 * The life of a request, in one order, the same at every door. A call in code comes from the platform itself (or
 * from the caller it names): it is decoded and projected like any other.
 */
export function pipeline(parts: PipelineParts): (context: HookContext, next: NextFunction) => Promise<void> {
  const steps: readonly Step[] = [
    authenticate(parts),
    authorize(parts),
    decode,
    prepare,
    showOnce,
    onlyOnce(parts),
    unitOfWork(parts),
    project
  ]
  const plans = new Map<string, Plan>()

  const planOf = (context: HookContext): Plan => {
    const key = `${context.path} ${context.method}`
    let plan = plans.get(key)
    if (!plan) plans.set(key, (plan = compilePlan(parts.registry, context.path, context.method)))
    return plan
  }

  return (context, next) => {
    const call = context as CallContext
    call.params.query ??= {}
    const plan = planOf(context)
    const run = (index: number): Promise<void> => {
      const step = steps[index]
      return step ? step(call, plan, () => run(index + 1)) : next()
    }
    return run(0)
  }
}

/** Who asks. */
function authenticate({ callerOf, limiter }: PipelineParts): Step {
  return async (call, plan, next) => {
    const { params } = call
    if (!params.provider && !params.caller) {
      params.caller = systemCaller
      return next()
    }
    const known = params.caller ?? (params.token === undefined ? undefined : await callerOf(params.token))
    // What a socket sends, its door has counted.
    if (params.provider === 'rest') limiter.count(known ?? anonymousCaller, params.origin)
    if (!known && params.token !== undefined && plan.permission !== 'public') {
      throw new PlatformError('unauthorized', 'The access token is not valid or has run out.')
    }
    params.caller = known ?? anonymousCaller
    return withRequest({ ...currentRequest(), caller: params.caller }, next)
  }
}

/** May they: a scoped grant becomes a filter on the records. What is about no record takes more than a node. */
function authorize({ access }: PipelineParts): Step {
  return async (call, { permission, onRecords }, next) => {
    const { caller = systemCaller } = call.params
    if (permission === 'signed-in') {
      if (caller.kind === 'anonymous') throw new PlatformError('unauthorized', 'Sign in first.')
    } else if (permission !== 'public') {
      const reach = await access.require(caller, permission)
      call.params.access = reach
      if (reach && !onRecords && !reach.everywhere && reach.own === undefined)
        throw new PlatformError('forbidden', `You hold the permission ${permission} in some scopes only.`)
    }
    return next()
  }
}

/** What was sent, in the shape it was declared; anything else is a 400 that names the field. */
const decode: Step = async (call, plan, next) => {
  if (call.params.provider) requireShallow([call.data, call.params.query])
  plan.decode(call)
  if (call.params.idempotencyKey !== undefined)
    call.params.fingerprint = fingerprint([call.id ?? null, call.data])
  return next()
}

/** Slow checks and calls to peers, before the unit of work begins. */
const prepare: Step = async (call, plan, next) => {
  for (const run of plan.prepare) await run(call as never)
  return next()
}

/** What only this answer shows is added to it when all that is kept has been kept. */
const showOnce: Step = async (call, _, next) => {
  await next()
  if (call.params.shownOnce) call.result = { ...call.result, ...call.params.shownOnce }
}

/** A repeated `Idempotency-Key` gets the first answer again. */
function onlyOnce({ idempotency, units }: PipelineParts): Step {
  return async (call, plan, next) => {
    const { idempotencyKey, caller } = call.params
    // What a log-in answers is nobody's to keep: neither the tokens nor a hash of the password.
    if (idempotencyKey === undefined || !plan.isPost || plan.permission === 'public') return next()
    const once = (): Promise<void> =>
      idempotency.once({ call, key: idempotencyKey, actor: caller?.actor ?? '' }, next)
    return plan.isMutation ? units.run(once) : once()
  }
}

/** A mutation that is more than one statement runs in one transaction; the rest opens none. */
function unitOfWork({ units }: PipelineParts): Step {
  return async (call, plan, next) => {
    try {
      await (plan.needsTransaction ? units.run(next) : next())
    } catch (error) {
      throw mapDatabaseError(error)
    }
  }
}

/** What leaves: declared fields only. */
const project: Step = async (call, plan, next) => {
  await next()
  if (plan.isList) {
    const { body, ...beside } = call.result as ListAnswer
    call.result = plan.projectList(body, call.params.decoded)
    if (call.params.answer) Object.assign(call.params.answer, beside)
  } else {
    call.result = plan.project(call.result, call.params.select)
  }
}
