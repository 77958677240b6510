using System.Text.Json;
using Talweg.Training;

namespace Talweg.Tests.Training;

/// <summary>Optimizers and schedules as text: read, printed, refused.</summary>
public sealed class OptimizerTextTests
{
    /// <summary>What is printed is what was read, less what is the default anyhow.</summary>
    [Theory]
    [InlineData("sgd:lr=0.1")]
    [InlineData("sgd:lr=0.1,momentum=0.9,nesterov")]
    [InlineData("sgd:lr=0.1,weight-decay=0.0005,momentum=0.9")]
    [InlineData("adam", "adam:lr=0.001,beta1=0.9,beta2=0.999,eps=1e-8,weight-decay=0")]
    [InlineData("adam:lr=0.01,weight-decay=0.1,beta1=0,beta2=0.99,eps=1E-06")]
    [InlineData("adamw", "adamw:lr=0.001,weight-decay=0.01")]
    [InlineData("adamw:weight-decay=0")]
    [InlineData("adagrad", "adagrad:lr=0.01,eps=1e-10")]
    [InlineData("rmsprop", "rmsprop:lr=0.01,alpha=0.99,eps=1e-8,momentum=0")]
    [InlineData("rmsprop:alpha=0.9,momentum=0.5,centered")]
    [InlineData("gd:lr=2")]
    [InlineData("entropy-sgd:lr=1", "entropy-sgd:lr=1,steps=20,gamma=0.0001,scoping=0,noise=0.0001,inner-lr=0.1,average=0.75")]
    [InlineData("entropy-sgd:lr=0.5,steps=5,gamma=0.03,scoping=0.001,noise=0.01,inner-lr=0.05,average=0.5")]
    public void An_optimizer_is_printed_as_it_is_read(string printed, string? text = null)
    {
        var optimizer = Optimizer.Parse(text ?? printed);
        Assert.Equal(printed, optimizer.ToString());
        Assert.Equal(optimizer, Optimizer.Parse(printed));
        Assert.Equal($"\"{printed}\"", JsonSerializer.Serialize(optimizer));
        Assert.Equal(optimizer, JsonSerializer.Deserialize<Optimizer>($"\"{printed}\""));
    }

    [Fact]
    public void Settings_are_what_the_text_says()
    {
        Assert.Equal(new Sgd { LearningRate = 0.1, Momentum = 0.9, Nesterov = true, WeightDecay = 1e-4 }, Optimizer.Parse("sgd:nesterov,momentum=0.9,lr=0.1,weight-decay=1e-4"));
        Assert.Equal(new EntropySgd { LearningRate = 1, Steps = 5, Gamma = 0.03, Noise = 0.001 }, Optimizer.Parse("entropy-sgd:lr=1,steps=5,gamma=0.03,noise=0.001"));
    }

    [Theory]
    [InlineData("adm:lr=1", "kind: found 'adm' in 'adm:lr=1', expected one of sgd, adam, adamw, adagrad, rmsprop, gd, entropy-sgd (did you mean adam?)")]
    [InlineData("sgd", "lr: found none in 'sgd', expected a positive number, as in sgd:lr=0.1")]
    [InlineData("gd:weight-decay=0.1", "lr: found none in 'gd:weight-decay=0.1', expected a positive number, as in gd:lr=0.1")]
    [InlineData("sgd:lr=0.1,momentun=0.9", "setting: found 'momentun' in 'sgd:lr=0.1,momentun=0.9', expected one of lr, weight-decay, momentum, nesterov (did you mean momentum?)")]
    [InlineData("sgd:lr=fast", "lr: found 'fast' in 'sgd:lr=fast', expected a positive number")]
    [InlineData("sgd:lr=-1", "lr: found '-1' in 'sgd:lr=-1', expected a positive number")]
    [InlineData("sgd:lr", "lr: found no value in 'sgd:lr', expected a positive number")]
    [InlineData("sgd:lr=NaN", "lr: found 'NaN' in 'sgd:lr=NaN', expected a positive number")]
    [InlineData("sgd:lr=1,lr=2", "lr: found it twice in 'sgd:lr=1,lr=2', expected every setting once")]
    [InlineData("sgd:lr=1,momentum=1", "momentum: found '1' in 'sgd:lr=1,momentum=1', expected a number from 0 to below 1")]
    [InlineData("sgd:lr=1,nesterov=yes", "nesterov: found 'yes' in 'sgd:lr=1,nesterov=yes', expected no value: it is a flag")]
    [InlineData("sgd:lr=1,nesterov", "nesterov: found it without momentum in 'sgd:lr=1,nesterov', expected a momentum above 0, as in sgd:lr=0.1,momentum=0.9,nesterov")]
    [InlineData("entropy-sgd:lr=1,steps=2.5", "steps: found '2.5' in 'entropy-sgd:lr=1,steps=2.5', expected a whole number from 1 to 1000000")]
    public void What_is_wrong_with_an_optimizer_is_said(string text, string message) =>
        Assert.Equal($"--optimizer: {message}", Assert.Throws<InputException>(() => Optimizer.Parse(text)).Message);

    [Theory]
    [InlineData("step:every=30")]
    [InlineData("step:every=30,factor=0.5")]
    [InlineData("exponential:factor=0.95")]
    [InlineData("cosine:epochs=100")]
    [InlineData("warmup:epochs=5+cosine:epochs=100,floor=0.01")]
    public void A_schedule_is_printed_as_it_is_read(string text)
    {
        Assert.Equal(text, Schedule.Parse(text).ToString());
        Assert.Equal(text, JsonSerializer.Deserialize<Schedule>(JsonSerializer.Serialize(Schedule.Parse(text)))!.ToString());
    }

    [Theory]
    [InlineData("step", "every: found none in 'step', expected a whole number from 1 to 1000000, as in step:every=30,factor=0.1")]
    [InlineData("cosin:epochs=1", "kind: found 'cosin' in 'cosin:epochs=1', expected one of step, exponential, cosine, warmup (did you mean cosine?)")]
    [InlineData("warmup:epochs=5+", "kind: found '' in '', expected one of step, exponential, cosine, warmup")]
    [InlineData("cosine:epochs=10,floor=2", "floor: found '2' in 'cosine:epochs=10,floor=2', expected a number from 0 to 1")]
    public void What_is_wrong_with_a_schedule_is_said(string text, string message) =>
        Assert.Equal($"--schedule: {message}", Assert.Throws<InputException>(() => Schedule.Parse(text)).Message);

    /// <summary>Factors by hand: epochs of 10 iterations.</summary>
    [Theory]
    [InlineData("step:every=3,factor=0.1", 1, 1, 1)]
    [InlineData("step:every=3,factor=0.1", 3, 30, 1)]
    [InlineData("step:every=3,factor=0.1", 4, 31, 0.1)]
    [InlineData("step:every=3,factor=0.1", 7, 61, 0.01)]
    [InlineData("exponential:factor=0.5", 1, 10, 1)]
    [InlineData("exponential:factor=0.5", 4, 31, 0.125)]
    [InlineData("cosine:epochs=4", 1, 1, 1)]
    [InlineData("cosine:epochs=4", 2, 11, 0.85355339059327373)]      // (1 + √½)/2
    [InlineData("cosine:epochs=4", 3, 21, 0.5)]
    [InlineData("cosine:epochs=4,floor=0.2", 3, 21, 0.6)]
    [InlineData("cosine:epochs=4,floor=0.2", 9, 81, 0.2)]
    [InlineData("warmup:epochs=2", 1, 1, 0.05)]
    [InlineData("warmup:epochs=2", 2, 20, 1)]
    [InlineData("warmup:epochs=2", 3, 21, 1)]
    [InlineData("warmup:epochs=2+exponential:factor=0.5", 2, 15, 0.375)]
    public void A_schedule_multiplies_the_learning_rate_by(string text, int epoch, long iteration, double factor) =>
        Assert.Equal(factor, Schedule.Parse(text).At(epoch, iteration, perEpoch: 10), 15);
}
