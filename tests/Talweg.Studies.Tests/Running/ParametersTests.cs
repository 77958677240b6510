using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.Running;

public class ParametersTests
{
    private static Parameters Resolve(params string[] set) => Parameters.Resolve(new CountingStudy(), "paper", set);

    private static string Message(params string[] set) => Assert.Throws<InputException>(() => Resolve(set)).Message;

    [Fact]
    public void Defaults_then_preset_then_settings()
    {
        var parameters = Resolve("learning-rates=0.2, 1e-3", "fast=true");
        Assert.Equal(3, parameters.Integer("seeds"));
        Assert.Equal([0.2, 0.001], parameters.Numbers("learning-rates"));
        Assert.Equal("digits", parameters.Text("data"));
        Assert.True(parameters.Flag("fast"));
        Assert.Equal("""{"data":"digits","fast":true,"learning-rates":[0.2,0.001],"seeds":3}""", parameters.ToJson().ToJsonString());
    }

    [Fact]
    public void An_unknown_key_lists_the_known_ones_and_the_nearest() => Assert.Equal(
        "--set: parameter of counting: found 'learning-rate', expected one of seeds, learning-rates, data, fast (did you mean learning-rates?)",
        Message("learning-rate=1"));

    [Fact]
    public void An_unknown_key_near_none_gets_no_guess() =>
        Assert.EndsWith("expected one of seeds, learning-rates, data, fast", Message("q=1"), StringComparison.Ordinal);

    [Theory]
    [InlineData("inverse-variance-flatness", "layer=9", "--set layer=9: number: found '9', expected layers of fc:784-50-50-10: 1 (0.weight), 2 (2.weight), 3 (4.weight), 'all', or a pattern of their names")]
    [InlineData("einstein-relation", "layer=9", "--set layer=9: number: found '9'")]
    [InlineData("flatness-and-hessian", "layer=9", "--set layer=9: number: found '9'")]
    [InlineData("inverse-variance-flatness", "network=fc:784-0-10", "--set network=fc:784-0-10: widths: found '0'")]
    [InlineData("sgd-noise", "theory-network=fc", "--set theory-network=fc: kind: found 'fc'")]
    [InlineData("forgetting", "tasks=permuted:x", "--set tasks=permuted:x: ")]
    public void What_the_library_finds_fault_with_is_told_as_the_setting_that_was_typed(string name, string setting, string message)
    {
        var study = StudyCatalogue.Standard.Get(name);
        var parameters = Parameters.Resolve(study, study.Presets[0].Name, [setting]);
        Assert.StartsWith(message, Assert.Throws<InputException>(() => study.Plan(parameters).ToList()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("seeds=many", "--set seeds=many: seeds: found 'many', expected a whole number of at least 1")]
    [InlineData("seeds=0", "--set seeds=0: seeds: found '0', expected a whole number of at least 1")]
    [InlineData("seeds=", "--set seeds=: seeds: found nothing, expected a whole number of at least 1")]
    [InlineData("learning-rates=0.1,NaN", "--set learning-rates=0.1,NaN: learning-rates: found '0.1,NaN', expected numbers separated by commas, each of at least 0")]
    [InlineData("data=cifar", "--set data=cifar: data: found 'cifar', expected one of digits, mnist")]
    [InlineData("fast=yes", "--set fast=yes: fast: found 'yes', expected true or false")]
    [InlineData("seeds", "--set: the setting: found 'seeds', expected key=value")]
    public void A_bad_value_is_named(string setting, string message) => Assert.Equal(message, Message(setting));

    [Fact]
    public void An_unknown_preset_is_named() => Assert.Equal(
        "--preset: counting: found 'quik', expected one of quick, paper (did you mean quick?)",
        Assert.Throws<InputException>(() => Parameters.Resolve(new CountingStudy(), "quik", [])).Message);
}
