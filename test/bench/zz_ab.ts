import { createDatabase } from '/work/main/test/support/postgres.ts'
import { startTestPlatform } from '/work/main/test/support/startTestPlatform.ts'
import { Sequencer } from '/work/main/core/src/feed/Sequencer.ts'
import { notes, notesPlugin } from '/work/main/test/bench/notes.ts'
import { v7 as uuid } from 'uuid'
import pg from 'pg'
const database = await createDatabase()
let ctx: any
const platform = await startTestPlatform({ databaseUrl: database.url, plugins: [notesPlugin((c) => (ctx = c))] })
const service = platform.service(notes)
const note = { title: 'Gate 4', body: 'The barrier does not close at night.', tags: ['gate', 'night'], rank: 4, pinned: true }
const by = async (count: number, w: () => any) => { let left = count; await Promise.all(Array.from({length:16}, async () => { while (left-- > 0) await w() })); }
let seqOn = true
let batches = 0
const orig = (Sequencer.prototype as any)
const mon = new pg.Client({ connectionString: database.url }); mon.on('error', () => {}); await mon.connect()
ctx.db().on('query', (q: any) => { if (q.sql.includes('core_number_changes')) batches++ })
const stat = async () => { await mon.query('select pg_stat_clear_snapshot()'); return (await mon.query('select wal_bytes::float8 b, wal_fpi::float8 f, wal_sync::float8 s, wal_records::float8 r from pg_stat_wal')).rows[0] }
const bare = 'insert into bench_notes (id, created_at, updated_at, title, body, tags, rank, pinned) values (?, now(), now(), ?, ?, ?, ?, ?) returning *'
const N = 4000
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
const pgpids = (await mon.query('select pid from pg_stat_activity')).rows.map((r: any) => r.pid)
const pgcpu = async () => { const port = new URL(database.url).port; const ps = execFileSync('ps', ['-eo', 'pid,ppid,args']).toString().split('\n').map((l) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(l)).filter(Boolean) as any[]; const main = ps.find((m) => /postgres -D/.test(m[3]) && m[3].includes(`-p ${port}`) && !/^sh/.test(m[3])); const pids = [main[1], ...ps.filter((m) => m[2] === main[1]).map((m) => m[1])]; let t=0; for (const p of pids) { try { const x = readFileSync(`/proc/${p}/stat`,'utf8'); const f = x.slice(x.lastIndexOf(')')+2).split(' '); t += Number(f[11])+Number(f[12]) } catch {} } return t*10000 }
const run = async (name: string, w: () => any) => { const s0 = await stat(); const p0 = await pgcpu(); batches=0; const t = performance.now(); const c = process.cpuUsage(); await by(N, w); await platform.drain(); const dt = performance.now()-t; const u = process.cpuUsage(c); const p1 = await pgcpu(); await new Promise(r=>setTimeout(r,1200)); const s1 = await stat(); console.log(name.padEnd(8), Math.round(N/dt*1000)+'/s', 'node us', ((u.user+u.system)/N).toFixed(0), 'pg us', ((p1-p0)/N).toFixed(0), 'walB/op', ((s1.b-s0.b)/N).toFixed(0), 'fpi', s1.f-s0.f, 'rec/op', ((s1.r-s0.r)/N).toFixed(1), 'syncs', s1.s-s0.s, 'batches', batches) }
for (let i=0;i<3;i++) {
await run('bare', () => ctx.db().raw(bare, [uuid(), note.title, note.body, JSON.stringify(note.tags), note.rank, note.pinned]))
await run('create', () => service.create(note))
}
await mon.end(); await platform.stop(); await database.drop()
