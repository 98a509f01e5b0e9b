import { App } from 'aws-cdk-lib';
import { RingfenceValidator } from 'cdk-ringfence';
import { StockPattern } from './stock-pattern';

const app = new App();
RingfenceValidator.attach(app);
new StockPattern(app, 'Stock', { env: { account: '111122223333', region: 'eu-west-1' } });
app.synth();
