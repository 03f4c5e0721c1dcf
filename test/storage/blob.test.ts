import { randomUUID } from 'node:crypto';
import { openBlobStorage } from '../../src/storage/blob';
import { startAzurite, type Azurite } from './azurite';
import { describeContract } from './contract';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let containers = 0;

describeContract('Azure Blob, by Azurite', {
  newPlace: () => {
    const container = `desk-${(containers += 1)}`;
    const access = { kind: 'connectionString', connectionString: azurite.connectionString() } as const;
    return Promise.resolve(() => openBlobStorage({ access, container, newId: randomUUID }));
  },
  isAtomic: false,
  many: 5_001,
  rounds: 10,
});
