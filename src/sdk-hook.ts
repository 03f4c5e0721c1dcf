/** To be imported before anything of the SDK: from here on its files are loaded as {@link toNativeAsync} writes them. */
import { addHook } from 'pirates';
import { isOfSdk, toNativeAsync } from './native-async';

addHook(toNativeAsync, { matcher: isOfSdk, ignoreNodeModules: false });
