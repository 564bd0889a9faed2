/** What is special about products; the conformance suite has the rest. */
import { product } from '../../../src/loading/entities/product.js';

const RAW = {
  orgId: 'o1',
  productKey: 'k1',
  productName: { defaultValue: 'Inverter', i18nValue: {} },
  modelId: 'm1',
  productType: 'Device',
  dataFormat: 'Json',
  productSecret: 'hunter2',
};
const read = (more: object): Record<string, unknown> => ({
  ...product.record({ ...RAW, ...more } as never, 'o1'),
});

test.each(['dynamicActivateEnabled', 'dynamicActiveEnabled'])(
  'activation is read where it is called %s',
  (name) => {
    expect(read({ [name]: true })['dynamicActivation']).toBe(true);
    expect(read({ [name]: false })['dynamicActivation']).toBe(false);
    expect(read({})['dynamicActivation']).toBeNull();
  },
);

test('what EnOS leaves out or empty is nothing', () => {
  expect(read({ productTags: null, productDesc: '' })).toMatchObject({
    tags: {},
    description: null,
    defaultValidDays: null,
    createdAt: null,
    updatedBy: null,
  });
});

test('the secret goes nowhere', () => {
  expect(JSON.stringify(read({}))).not.toContain('hunter2');
});
