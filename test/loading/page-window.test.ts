import { coverWindow, readAll, readWindow } from '../../src/loading/page-window.js';

/** All ways to cover the window with consecutive pages of one size, by trying them. */
function bestByTrying(offset: number, limit: number, maxPageSize: number): { pages: number; size: number } {
  let best = { pages: Infinity, size: Infinity };
  for (let size = 1; size <= maxPageSize; size += 1) {
    const touched = new Set<number>();
    for (let index = offset; index < offset + limit; index += 1) touched.add(Math.floor(index / size));
    if (touched.size < best.pages || (touched.size === best.pages && size < best.size)) {
      best = { pages: touched.size, size };
    }
  }
  return best;
}

/** A list behind pages, as EnOS keeps it. */
function listOf(length: number, firstPage: 0 | 1 = 1) {
  const list = Array.from({ length }, (_, index) => index);
  const asked: { pageNo: number; pageSize: number }[] = [];
  const fetchPage = async (page: { pageNo: number; pageSize: number }) => {
    asked.push(page);
    const start = (page.pageNo - firstPage) * page.pageSize;
    return { items: list.slice(start, start + page.pageSize), info: { totalSize: length } };
  };
  return { list, asked, fetchPage };
}

describe('coverWindow', () => {
  it('takes the fewest pages, then the fewest records, for every small window', () => {
    for (const maxPageSize of [1, 2, 7, 10]) {
      for (let offset = 0; offset <= 25; offset += 1) {
        for (let limit = 1; limit <= 15; limit += 1) {
          const best = bestByTrying(offset, limit, maxPageSize);
          const cover = coverWindow({ offset, limit }, { maxPageSize });
          expect([offset, limit, cover.pages.length, cover.pageSize]).toEqual([
            offset,
            limit,
            best.pages,
            best.size,
          ]);
        }
      }
    }
  });

  it('asks for one record where only the total is wanted', () => {
    expect(coverWindow({ offset: 40, limit: 0 }, { maxPageSize: 100 })).toEqual({
      pageSize: 1,
      pages: [1],
      skip: 0,
    });
  });
});

describe('readWindow', () => {
  it.each([0, 1] as const)('returns exactly the window, first page %i', async (firstPage) => {
    for (let offset = 0; offset <= 25; offset += 1) {
      for (let limit = 0; limit <= 12; limit += 1) {
        const { list, fetchPage } = listOf(20, firstPage);
        const slice = await readWindow({ offset, limit }, { maxPageSize: 5, firstPage }, fetchPage);
        expect(slice).toEqual({ items: list.slice(offset, offset + limit), offset, totalCount: 20 });
      }
    }
  });

  it('reads the misspelled total, and does without one', async () => {
    const misspelled = async () => ({ items: [1], info: { totalSzie: 9 } });
    expect((await readWindow({ offset: 0, limit: 1 }, { maxPageSize: 10 }, misspelled)).totalCount).toBe(9);
    const none = async () => ({ items: [1, 2], info: null });
    expect((await readWindow({ offset: 0, limit: 5 }, { maxPageSize: 10 }, none)).totalCount).toBe(2);
  });
});

describe('readAll', () => {
  it.each([0, 1, 4, 5, 6, 23])('reads a list of %i completely and in order', async (length) => {
    const { list, asked, fetchPage } = listOf(length);
    expect((await readAll({ maxPageSize: 5 }, fetchPage)).items).toEqual(list);
    expect(asked).toHaveLength(Math.max(1, Math.ceil(length / 5)));
  });
});
