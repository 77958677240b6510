using Talweg.Continual;
using Talweg.Noise;

namespace Talweg.Tests.Continual;

/// <summary>Methods as text.</summary>
public sealed class ContinualMethodsTests
{
    public static TheoryData<string> Texts =>
    [
        "none",
        "ldc:lambda=10",
        "ldc:lambda=0.25,modes=50,flatness=variance,psi=2.5",
        "ldc:lambda=10,flatness=matched",
        "ewc:lambda=1000",
        "ewc:lambda=1E-05,fisher=empirical,weights=200",
        "ewc:lambda=3,fisher=minibatch",
        "online-ewc:lambda=5",
        "online-ewc:lambda=5,decay=0,fisher=empirical",
        "online-ewc:lambda=5,decay=0.9",
        "si:lambda=0.1",
        "si:lambda=0.1,damping=0.05",
        "l2:lambda=0.1",
        "replay",
        "replay:samples=20,lambda=0.5",
    ];

    [Theory, MemberData(nameof(Texts))]
    public void Text_becomes_a_method_and_the_same_text_again(string text)
    {
        var method = ContinualMethods.Parse(text);
        Assert.Equal(text, $"{method}");
        Assert.Equal(method, ContinualMethods.Parse($"{method}"));
    }

    [Fact]
    public void Settings_are_those_of_the_text_and_defaults_else()
    {
        Assert.Equal(new NoMethod(), ContinualMethods.Parse("none"));
        Assert.Equal(new LandscapeConstraints { Lambda = 2, Modes = 7, Flatness = FlatnessSource.Matched, Psi = 3 }, ContinualMethods.Parse("ldc:psi=3,flatness=matched,modes=7,lambda=2"));
        Assert.Equal(new LandscapeConstraints { Lambda = 2, Modes = 200, Flatness = FlatnessSource.Measured, Psi = 4 }, ContinualMethods.Parse("ldc:lambda=2"));
        Assert.Equal(new ElasticWeights { Lambda = 2, Fisher = FisherKind.Empirical, Weights = 9 }, ContinualMethods.Parse("ewc:lambda=2,fisher=empirical,weights=9"));
        Assert.Equal(new ElasticWeights { Lambda = 2, Fisher = FisherKind.Exact, Weights = 0 }, ContinualMethods.Parse("ewc:lambda=2,weights=0"));
        Assert.Equal(new OnlineElasticWeights { Lambda = 2, Decay = 0.5, Fisher = FisherKind.Minibatch }, ContinualMethods.Parse("online-ewc:lambda=2,decay=0.5,fisher=minibatch"));
        Assert.Equal(new SynapticIntelligence { Lambda = 2, Damping = 0.01 }, ContinualMethods.Parse("si:lambda=2,damping=0.01"));
        Assert.Equal(new OldWeights { Lambda = 2 }, ContinualMethods.Parse("l2:lambda=2"));
        Assert.Equal(new Replay { Samples = 200, Lambda = 1 }, ContinualMethods.Parse("replay"));
    }

    [Theory]
    [InlineData("ewk:lambda=1", "kind: found 'ewk' in 'ewk:lambda=1', expected one of none, ldc, ewc, online-ewc, si, l2, replay (did you mean ewc?)")]
    [InlineData("ldc", "lambda: found none in 'ldc', expected a positive number, as in ldc:lambda=10,modes=200")]
    [InlineData("ewc:fisher=exact", "lambda: found none in 'ewc:fisher=exact', expected a positive number, as in ewc:lambda=1000,fisher=exact")]
    [InlineData("online-ewc", "lambda: found none in 'online-ewc', expected a positive number, as in online-ewc:lambda=1000,decay=0.9")]
    [InlineData("si", "lambda: found none in 'si', expected a positive number, as in si:lambda=1")]
    [InlineData("l2", "lambda: found none in 'l2', expected a positive number, as in l2:lambda=0.1")]
    [InlineData("l2:lambda=0", "lambda: found '0' in 'l2:lambda=0', expected a positive number")]
    [InlineData("l2:lambda=-1", "lambda: found '-1' in 'l2:lambda=-1', expected a positive number")]
    [InlineData("l2:lambda=NaN", "lambda: found 'NaN' in 'l2:lambda=NaN', expected a positive number")]
    [InlineData("l2:lambda", "lambda: found no value in 'l2:lambda', expected a positive number")]
    [InlineData("ldc:lambda=1,modes=0", "modes: found '0' in 'ldc:lambda=1,modes=0', expected a whole number from 1 to 1000000")]
    [InlineData("ldc:lambda=1,modes=1.5", "modes: found '1.5' in 'ldc:lambda=1,modes=1.5', expected a whole number from 1 to 1000000")]
    [InlineData("ldc:lambda=1,flatness=guessed", "flatness: found 'guessed' in 'ldc:lambda=1,flatness=guessed', expected one of measured, variance, matched")]
    [InlineData("ewc:lambda=1,fisher", "fisher: found no value in 'ewc:lambda=1,fisher', expected one of exact, empirical, minibatch")]
    [InlineData("ewc:lambda=1,weights=-1", "weights: found '-1' in 'ewc:lambda=1,weights=-1', expected a whole number from 0 to 1000000000")]
    [InlineData("online-ewc:lambda=1,decay=1.5", "decay: found '1.5' in 'online-ewc:lambda=1,decay=1.5', expected a number from 0 to 1")]
    [InlineData("si:lambda=1,damping=0", "damping: found '0' in 'si:lambda=1,damping=0', expected a positive number")]
    [InlineData("replay:samples=0", "samples: found '0' in 'replay:samples=0', expected a whole number from 1 to 1000000")]
    [InlineData("l2:lambda=1,lambda=2", "lambda: found it twice in 'l2:lambda=1,lambda=2', expected every setting once")]
    [InlineData("si:lambda=1,dampin=2", "setting: found 'dampin' in 'si:lambda=1,dampin=2', expected one of lambda, damping (did you mean damping?)")]
    public void Text_that_is_no_method_is_refused_with_what_would_be(string text, string message) =>
        Assert.Equal($"--method: {message}", Assert.Throws<InputException>(() => ContinualMethods.Parse(text)).Message);

    [Fact]
    public void Only_what_needs_it_asks_for_a_recorded_window_or_an_observer()
    {
        var space = Talweg.Networks.WeightSpace.All(Talweg.Networks.FullyConnected.Of(3, 2));
        foreach (string text in (string[])["none", "ldc:lambda=1", "ewc:lambda=1", "online-ewc:lambda=1", "si:lambda=1", "l2:lambda=1", "replay"])
        {
            var method = ContinualMethods.Parse(text);
            Assert.Equal(text.StartsWith("ldc", StringComparison.Ordinal), method.NeedsWindow);
            Assert.Equal(text.StartsWith("si", StringComparison.Ordinal), method.Observe(space) is not null);
        }
    }
}
