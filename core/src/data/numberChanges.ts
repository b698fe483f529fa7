/**
 * Gives the oldest changes without a number the next ones, and returns them. The row of `core_feed` is locked before
 * the changes are read, so that two who number at once do not number the same.
 *
 * It is a function because a function brings its own planner settings, and keeps its plans. Numbered changes leave
 * dead entries in the index of the unnumbered, which only a plain index scan clears away; to the planner, which knows
 * nothing of them, a bitmap or a scan of the whole table looks as good. The times select the partitions to look into.
 */
export const numberChanges = `
  create function core_number_changes(batch_size integer) returns setof core_changes
    language plpgsql set enable_seqscan = off set enable_bitmapscan = off set jit = off
  as $$
    declare
      last bigint;
      ids bigint[];
      earliest timestamptz;
      latest timestamptz;
    begin
      if not exists (select from core_changes where seq is null) then
        return;
      end if;
      select last_seq into last from core_feed for update;
      select array_agg(local_id order by local_id), min(at), max(at) into ids, earliest, latest
        from (select local_id, at from core_changes where seq is null order by local_id limit batch_size) oldest;
      update core_feed set last_seq = last + coalesce(cardinality(ids), 0);
      return query
        with numbered as (
          update core_changes c set seq = last + batch.place
          from unnest(ids) with ordinality batch (id, place)
          where c.local_id = batch.id and c.seq is null and c.at between earliest and latest
          returning c.*
        )
        select * from numbered order by seq;
    end
  $$`
