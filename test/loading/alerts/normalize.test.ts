import { alertContent } from '../../../src/loading/entities/alert-definitions.js';
import {
  fromAlertService,
  fromEventService,
  type AlertServiceAlert,
  type EventServiceAlert,
} from '../../../src/loading/alerts/normalize.js';

const event: EventServiceAlert = {
  eventId: 'e1',
  orgId: 'o1',
  assetId: 'a1',
  modelId: 'M',
  occurTime: 1,
  createTime: 1,
  updateTime: 1,
  eventType: 0,
};
const alert: AlertServiceAlert = { alertId: 'e1', instanceId: 'a1', eventType: 0, occurTime: 1 };

describe('alerts in one shape', () => {
  it('take either spelling of paths, and what is left out as null', () => {
    expect(fromEventService({ ...event, assetPath: ['t:/a/a1'] }, 'HISTORY').assetPaths).toEqual(['t:/a/a1']);
    expect(fromEventService({ ...event, assetPaths: ['t:/a/a1'] }, 'HISTORY').assetPaths).toEqual([
      't:/a/a1',
    ]);
    expect(fromEventService(event, 'HISTORY')).toMatchObject({
      state: 'HISTORY',
      pointId: null,
      typeId: null,
      parentTypeId: null,
      severityDesc: null,
      value: null,
      recoverTime: null,
      tags: {},
      assetPaths: [],
      maskedBy: [],
    });
  });

  it('clean texts of empty languages and of the default that samples show among them', () => {
    const stray = { defaultValue: null, en_US: 'Gearbox', zh_CN: '' };
    const { severityDesc, typeDesc, ruleDesc } = fromEventService(
      {
        ...event,
        severityDesc: { i18nValue: stray },
        typeDesc: { defaultValue: null, i18nValue: { en_US: '', zh_CN: '' } },
        ruleDesc: { defaultValue: 'Rule' },
      },
      'ACTIVE',
    );
    expect(severityDesc).toEqual({ defaultValue: null, i18nValue: { en_US: 'Gearbox' } });
    expect(typeDesc).toBeNull();
    expect(ruleDesc).toEqual({ defaultValue: 'Rule', i18nValue: {} });
  });

  it('tell device status from point in alert-service, and read model and paths from the labels', () => {
    const labels = {
      modelId: 'M',
      assetTreePath: 't1',
      assetTreePath_t1: 't1:/a/a1',
      assetTreePath_t2: 't2:/a1',
    };
    expect(fromAlertService({ ...alert, metricId: 'power', metricTags: labels }, 'o1')).toMatchObject({
      orgId: 'o1',
      state: 'HISTORY',
      modelId: 'M',
      pointId: 'power',
      deviceStatus: null,
      assetPaths: ['t1:/a/a1', 't2:/a1'],
    });
    const byStatus = fromAlertService({ ...alert, metricId: 'offline' }, 'o1');
    expect([byStatus.pointId, byStatus.deviceStatus]).toEqual([null, 'offline']);
    const bySource = fromAlertService(
      { ...alert, metricId: 'offline', dataSource: 'model_measurepoint' },
      'o1',
    );
    expect([bySource.pointId, bySource.deviceStatus]).toEqual(['offline', null]);
    expect(fromAlertService({ ...alert, eventType: 4, maskedBy: 't:e2' }, 'o1')).toMatchObject({
      state: 'HISTORY',
      maskedBy: ['t:e2'],
    });
    expect(fromAlertService({ ...alert, eventType: 3 }, 'o1').state).toBe('ACTIVE');
  });

  it('know no sub-type where EnOS sends one without id', () => {
    const content = {
      contentId: 'c',
      alertType: { typeId: 'gearbox' },
      subAlertType: { typeDesc: {}, updateTime: 0 },
    };
    expect(alertContent.record(content as never, 'o1')).toMatchObject({
      typeId: 'gearbox',
      subTypeId: null,
      name: null,
      modelId: null,
    });
  });
});
