import assert from 'node:assert/strict'
import type { Socket } from 'socket.io-client'
import { partCount, parts, shelf } from './parts.ts'
import { assertFailure, call, onEachDatabase, type Place } from './support.ts'

const first = 'Part 0000'

const lists = (place: Place): void => {
  let socket: Socket

  before(async () => {
    socket = await place.admin.socket()
  })

  const get = async (query: string) => place.admin.api('GET', `/parts${query}`)
  const names = (records: { name: string }[]) => records.map(({ name }) => name)
  const found = async (query: object) => {
    const { error, result } = await call(socket, 'find', 'parts', query)
    assert.equal(error, null, JSON.stringify(error))
    return result
  }

  it('answers an array in the default order, its number said where nothing was cut off', async () => {
    const { status, body, headers } = await get('?tags=brass')
    assert.equal(status, 200)
    assert.ok(Array.isArray(body))
    assert.equal(body.length, partCount / 5)
    assert.equal(headers.get('x-total-count'), String(body.length))
    assert.equal(headers.get('link'), null)
    assert.deepEqual(names(body), names(body).toSorted())
    assert.deepEqual(await found({ tags: 'brass' }), body)
  })

  it('cuts an array to 1,000 records and links to the rest', async () => {
    const { body, headers } = await get('')
    assert.equal(body.length, 1000)
    assert.equal(headers.get('x-total-count'), null)
    const link = nextOf(headers)
    assert.ok(link)
    const { body: rest, headers: last } = await place.admin.api('GET', link)
    assert.equal(rest.length, partCount - 1000)
    assert.equal(last.get('link'), null)
    assert.equal(new Set([...names(body), ...names(rest)]).size, partCount)
  })

  it('tells a socket of the rest too, beside the array', async () => {
    const { result, beside } = await call(socket, 'find', 'parts', {})
    assert.equal(result.length, 1000)
    const rest = await call(socket, 'find', 'parts', { $after: beside.next })
    assert.equal(rest.result.length, partCount - 1000)
    assert.equal(rest.beside.next, undefined)
    assert.equal((await call(socket, 'find', 'parts', { tags: 'brass' })).beside.total, partCount / 5)
  })

  it('answers a window in Feathers’ envelope', async () => {
    const { body } = await get('?$limit=3&$skip=2')
    assert.deepEqual(
      { ...body, data: names(body.data) },
      {
        total: partCount,
        limit: 3,
        skip: 2,
        data: ['Part 0002', 'Part 0003', 'Part 0004']
      }
    )
    assert.deepEqual(await found({ $limit: 3, $skip: 2 }), body)
    assert.deepEqual(await found({ $limit: '3', $skip: '2' }), body)
    const { body: counted } = await get('?$limit=0')
    assert.deepEqual(counted, { total: partCount, limit: 0, skip: 0, data: [] })
    const { body: skipped } = await get('?$skip=1045')
    assert.equal(skipped.data.length, 5)
  })

  it('answers a numbered page, 20 records unless more are asked for', async () => {
    const { body } = await get('?page=2')
    assert.deepEqual(
      { ...body, items: body.items.length },
      { items: 20, page: 2, limit: 20, total: partCount }
    )
    assert.equal(body.items[0].name, 'Part 0020')
    assert.deepEqual(await found({ page: 2 }), body)
    const { body: short } = await get('?limit=5')
    assert.deepEqual(
      { ...short, items: short.items.length },
      { items: 5, page: 1, limit: 5, total: partCount }
    )
    assert.deepEqual(await found({ limit: 5 }), short)
    const { body: beyond } = await get('?page=900')
    assert.deepEqual(beyond, { items: [], page: 900, limit: 20, total: partCount })
  })

  it('cuts a page to 100 records and says so', async () => {
    const { body } = await get('?page=1&limit=5000')
    assert.equal(body.limit, 100)
    assert.equal(body.items.length, 100)
    assert.equal((await found({ limit: 5000 })).limit, 100)
  })

  it('leaves the count out where it is not wanted', async () => {
    assert.equal((await get('?$limit=1&$total=false')).body.total, null)
    assert.equal((await get('?page=1&$total=false')).body.total, null)
    assert.equal((await found({ $limit: 1, $total: false })).total, null)
    assert.equal((await get('?$total=perhaps')).status, 400)
  })

  for (const query of [
    '$limit=abc',
    '$limit=-1',
    '$limit=1.5',
    '$limit=',
    '$limit=1e3',
    '$limit=99999999999',
    '$limit=NaN',
    '$skip=-1',
    '$skip=x',
    '$limit[]=1',
    '$limit[a]=1',
    'page=0',
    'page=-1',
    'page=two',
    'page=',
    'limit=0',
    'limit=-5',
    'limit=0x10',
    'limit=2.5',
    'page=1&page=2'
  ]) {
    it(`refuses ${query}`, async () => {
      const { status, body } = await get(`?${query}`)
      assert.equal(status, 400)
      assertFailure(body, 400)
      assert.equal(body.message, 'Invalid parameters')
      assert.equal(body.errors.length, 1)
    })
  }

  it('refuses such numbers on the socket', async () => {
    for (const query of [
      { $limit: -1 },
      { $limit: null },
      { page: 0 },
      { limit: 1.5 },
      { $skip: {} },
      { page: true }
    ]) {
      const { error } = await call(socket, 'find', 'parts', query)
      assertFailure(error, 400)
      assert.equal(error.message, 'Invalid parameters', JSON.stringify(query))
    }
  })

  for (const sort of [
    { name: 1 },
    { name: -1 },
    { createdAt: 1 },
    { createdAt: -1, name: 1 },
    { quantity: 1 },
    { quantity: -1 },
    { seenAt: 1 },
    { seenAt: -1 },
    { inStock: -1, price: 1 },
    { tags: 1 },
    { updatedAt: -1 }
  ]) {
    it(`goes through all records by cursor, each once, sorted by ${JSON.stringify(sort)}`, async () => {
      const [field, direction] = Object.entries(sort)[0] as [string, number]
      let path: string | undefined = `/parts?$limit=400&$total=false&$sort[${field}]=${direction}`
      for (const [name, way] of Object.entries(sort).slice(1)) path += `&$sort[${name}]=${way}`
      const seen: string[] = []
      while (path !== undefined && seen.length <= partCount * 2) {
        const { status, body, headers } = await place.admin.api('GET', path)
        assert.equal(status, 200, JSON.stringify(body))
        seen.push(...names(body.data))
        path = nextOf(headers)
      }
      assert.equal(seen.length, partCount)
      assert.equal(new Set(seen).size, partCount)
      const { body: whole } = await get(
        `?$limit=1000&${Object.entries(sort)
          .map(([name, way]) => `$sort[${name}]=${way}`)
          .join('&')}`
      )
      assert.deepEqual(seen.slice(0, 1000), names(whole.data))
    })
  }

  it('goes on after records that were written one by one', async () => {
    for (let n = 0; n < 12; n++) {
      assert.equal(
        (await place.admin.api('POST', '/parts', { name: `Screw ${n}`, tags: ['screw'] })).status,
        201
      )
    }
    for (const way of [1, -1]) {
      const seen: string[] = []
      let path: string | undefined = `/parts?tags=screw&$limit=1&$sort[createdAt]=${way}`
      while (path !== undefined && seen.length < 30) {
        const { body, headers } = await place.admin.api('GET', path)
        seen.push(...names(body.data))
        path = nextOf(headers)
      }
      assert.equal(seen.length, 12)
      assert.equal(new Set(seen).size, 12)
    }
    const { body: all } = await get('?tags=screw')
    for (const { id, createdAt } of all) {
      assert.equal((await get(`?id=${id}&createdAt=${createdAt}`)).body.length, 1, createdAt)
      assert.equal((await place.admin.api('DELETE', `/parts/${id}`)).status, 200)
    }
  })

  it('refuses a cursor that is not one of this list', async () => {
    for (const cursor of [
      '',
      'x',
      Buffer.from('[1]').toString('base64url'),
      Buffer.from('{}').toString('base64url')
    ]) {
      assertFailure((await get(`?$after=${cursor}`)).body, 400)
    }
    const odd = Buffer.from(JSON.stringify([{ a: 1 }, ['x']])).toString('base64url')
    assertFailure((await get(`?$after=${odd}&$sort[seenAt]=1`)).body, 400)
    assertFailure((await call(socket, 'find', 'parts', { $after: 5 })).error, 400)
  })

  it('filters by fields, operators and lists', async () => {
    const count = async (query: string) => (await get(`?$limit=0&${query}`)).body.total
    assert.equal(await count(`name=${encodeURIComponent(first)}`), 1)
    assert.equal(await count('quantity=3'), 135)
    assert.equal(await count('quantity=null'), 105)
    assert.equal(await count('quantity[$ne]=3'), partCount - 135)
    assert.equal(
      await count('quantity[$in][]=1&quantity[$in][]=2'),
      (await count('quantity=1')) + (await count('quantity=2'))
    )
    assert.equal(
      await count('quantity[$nin][]=1&quantity[$nin][]=2'),
      partCount - (await count('quantity[$in][]=1&quantity[$in][]=2'))
    )
    assert.equal(await count('price[$gte]=100&price[$lt]=110'), 40)
    assert.equal(await count('price[$gt]=100&price[$lte]=110'), 40)
    assert.equal(await count('inStock=false'), partCount / 2)
    assert.equal(await count('tags[$ne]=brass'), (partCount / 5) * 4)
    assert.equal(await count('seenAt[$gte]=2026-01-01T01:00:00Z'), 330)
    assert.equal(await count('seenAt=null'), 700)
    assert.equal(
      (await found({ $limit: 0, quantity: { $in: [1, 2] }, inStock: true })).total,
      await count('quantity[$in][]=1&quantity[$in][]=2&inStock=true')
    )
  })

  it('joins conditions by $or and $and', async () => {
    const either = (await get('?$or[0][name]=Part 0001&$or[1][name]=Part 0002')).body
    assert.deepEqual(names(either), ['Part 0001', 'Part 0002'])
    const both = (await get('?$and[0][price][$gte]=10&$and[1][price][$lt]=10.5&$sort[name]=-1')).body
    assert.deepEqual(names(both), ['Part 0041', 'Part 0040'])
    assert.deepEqual(
      names(
        await found({ $or: [{ name: first }, { $and: [{ price: 1 }, { quantity: 4 }] }], in_stock: true })
      ),
      [first, 'Part 0004']
    )
    for (const query of ['$or=1', '$or[0]=x', '$and[0][nothing]=1', '$or[0][$limit]=1']) {
      assertFailure((await get(`?${query}`)).body, 400)
    }
  })

  it('takes snake_case names in filters, sort and select', async () => {
    const { status, body } = await get('?in_stock=false&$sort[seen_at]=-1&$select[]=seen_at&$limit=1')
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual(Object.keys(body.data[0]).toSorted(), ['id', 'seenAt'])
    assert.deepEqual(
      await found({ in_stock: false, $sort: { seen_at: -1 }, $select: ['seen_at'], $limit: 1 }),
      body
    )
  })

  it('answers only the fields that are selected, and the id', async () => {
    const { body } = await get('?$select[]=name&$limit=1')
    assert.deepEqual(Object.keys(body.data[0]).toSorted(), ['id', 'name'])
    const { body: one } = await get(`/${body.data[0].id}?$select[]=price`)
    assert.deepEqual(one, { id: body.data[0].id, price: 0 })
    assert.deepEqual((await get(`/${body.data[0].id}?$select=price`)).body, one)
    assert.deepEqual((await call(socket, 'get', 'parts', one.id, { $select: ['price'] })).result, one)
    for (const select of ['nothing', 'pin', '__proto__', 'constructor']) {
      assertFailure((await get(`?$select[]=${select}`)).body, 400)
      assertFailure((await get(`/${one.id}?$select[]=${select}`)).body, 400)
    }
  })

  it('sorts by any field in either direction', async () => {
    const { body } = await get('?$sort[price]=-1&$limit=2')
    assert.deepEqual(names(body.data), ['Part 1049', 'Part 1048'])
    const { items } = (await get('?$sort[quantity]=1&$sort[price]=-1&limit=1')).body
    assert.equal(items[0].quantity, 0)
    for (const query of ['$sort[pin]=1', '$sort[name]=2', '$sort=name', '$sort[name]=up', '$sort[]=name']) {
      assertFailure((await get(`?${query}`)).body, 400)
    }
  })

  it('searches, and takes % and _ for themselves', async () => {
    assert.deepEqual(names((await get('?search=rt 0007')).body), ['Part 0007'])
    assert.deepEqual((await get('?search=%25')).body, [])
    assert.deepEqual((await get('?search=____')).body, [])
  })

  it('refuses an unknown filter and an unknown operator', async () => {
    for (const query of ['colour=red', 'pin=1', 'name[$regex]=a', '$where=1', '$or[0][pin]=1']) {
      assertFailure((await get(`?${query}`)).body, 400)
    }
    for (const query of [
      { colour: 'red' },
      { name: { $regex: 'a' } },
      { constructor: 1 },
      { name: { $gt: { $gt: 1 } } }
    ]) {
      assertFailure((await call(socket, 'find', 'parts', query)).error, 400)
    }
  })

  it('refuses a value that does not fit its field', async () => {
    for (const query of [
      'quantity=many',
      'quantity=1.5',
      'inStock=yes',
      'seenAt=yesterday',
      'seenAt[$gt]=0',
      'version=99999999999999',
      'name=%00',
      'search=%00'
    ]) {
      assertFailure((await get(`?${query}`)).body, 400)
    }
  })

  it('gives code every record, without a limit', async () => {
    assert.equal((await place.platform.service(parts).find()).length, partCount)
    assert.equal(await place.platform.service(parts).count({ inStock: true }), partCount / 2)
  })
}

// Where a list is read makes no difference to it.
onEachDatabase('Lists', [shelf], lists, { onTwoNodes: false })

/** The path below `/api` that a Link header names as the next part. */
function nextOf(headers: Headers): string | undefined {
  return /<[^>]*?\/api([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
}
