/**
 * The contract as the simulator uses it: read once per process, since parsing its documents takes most of a second.
 */
import { readDocuments } from './documents.js';
import { OperationIndex } from './operations.js';
import type { ContractOperation } from './operations.js';
import { ContractValidator } from './validation.js';

/** Operations and validators over the contract's documents. */
export interface Contract {
  operations: OperationIndex;
  validator: ContractValidator;
}

let contract: Contract | undefined;

/** The contract of src/enos/contract. */
export function getContract(): Contract {
  if (contract === undefined) {
    const documents = readDocuments();
    contract = { operations: new OperationIndex(documents), validator: new ContractValidator(documents) };
  }
  return contract;
}

/** One operation of the contract; throws for an id that it does not have. */
export function getOperation(operationId: string): ContractOperation {
  const operation = getContract().operations.byId.get(operationId);
  if (operation === undefined) throw new Error(`The contract has no operation ${operationId}`);
  return operation;
}
