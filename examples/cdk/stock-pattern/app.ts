import { App } from 'aws-cdk-lib';
import { RingfenceValidator } from 'cdk-ringfence';
import { OurPattern } from './our-pattern';
import { StockPattern } from './stock-pattern';

const app = new App();
RingfenceValidator.attach(app);
const env = { account: '111122223333', region: 'eu-west-1' };
new StockPattern(app, 'Stock', { env });
new OurPattern(app, 'Ours', { env });
app.synth();
