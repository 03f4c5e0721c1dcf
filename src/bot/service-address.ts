import { isSafeAddress } from '../config/cloud';

/**
 * Whether an access token of ours may go to an address: encrypted, on the usual port, and on one of these hosts or below one. This
 * machine has to be on the list by its address, and needs no encryption.
 */
export function isServiceAddress(address: string, hosts: readonly string[]): boolean {
  if (!isSafeAddress(address)) return false;
  const { protocol, hostname, port } = new URL(address);
  if (protocol === 'https:' && port !== '') return false;
  return hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}
