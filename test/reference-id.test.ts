import { referenceId } from '../src/reference-id';

test.each([
  [[0, 0, 0, 0, 0, 0, 0, 0], 'BD-0000-0000'],
  [[7, 19, 3, 20, 23, 2, 29, 15], 'BD-7K3M-Q2XF'],
  [[31, 63, 255, 32, 64, 224, 18, 17], 'BD-ZZZ0-00JH'],
])('bytes %j read %s', (bytes, id) => {
  const random = jest.fn(() => Uint8Array.from(bytes));
  expect(referenceId(random)).toBe(id);
  expect(random).toHaveBeenCalledWith(8);
});

test('no letter can be taken for another, and none is drawn twice as often', () => {
  const seen = new Set<string>();
  for (let byte = 0; byte < 256; byte++) seen.add(referenceId(() => new Uint8Array(8).fill(byte)).charAt(3));
  expect([...seen].sort().join('')).toBe('0123456789ABCDEFGHJKMNPQRSTVWXYZ');
});

test('by default they differ', () => {
  const ids = Array.from({ length: 1000 }, () => referenceId());
  expect(new Set(ids).size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^BD-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
});
