import { isObject } from '../is-object';
import { longestId } from '../knowledge/source';
import type { Position } from './view';

/** More than any of ours has: what comes back from a button was written by strangers. */
const longestPath = 12;
const longestSegment = 60;
const mostProblems = 1000;

/**
 * A position as it comes back from a button or the storage; null for what is none. By hand, as every turn does so two or three times,
 * and a schema takes ten times as long.
 */
export function toPosition(value: unknown): Position | null {
  if (!isObject(value)) return null;
  const { problem, article, path, outcome } = value;
  const isPosition =
    (problem === null || isIndex(problem)) &&
    (article === null || isText(article, longestId)) &&
    isPath(path) &&
    (outcome === undefined || outcome === 'fixed' || outcome === 'stuck');
  if (!isPosition) return null;
  return outcome === undefined ? { problem, article, path } : { problem, article, path, outcome };
}

const isIndex = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostProblems;

const isText = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length <= longest;

const isPath = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= longestPath && value.every((part) => isText(part, longestSegment));
