using System.Text.Json;
using Talweg.Storage;

namespace Talweg.Cli.Tests.Commands;

public sealed class MeasureLandscapeTests : IDisposable
{
    private const int Dimension = 30;                          // layer 2 of fc:16-6-5-10

    private readonly SmallWorld _world = new();

    public void Dispose() => _world.Dispose();

    private NaiveNetwork Naive => new(_world.Weights.Matrices, _world.Inputs, _world.Labels);

    private Command Measure(string measure, params string[] more) => Command.Run(["measure", measure, .. _world.Landscape(more)]);

    [Theory]
    [InlineData("single", 2e-6)]                               // single precision rounds a loss to 6e-8, a few operations deep
    [InlineData("double", 1e-9)]                               // the slope's oracle is a finite difference
    public void Transects_agree_with_a_naive_network(string precision, double tolerance)
    {
        double[][] directions = _world.WriteDirections("d.safetensors", 2, Dimension);
        using var document = JsonDocument.Parse(Measure("transect", "--displacements=-1:1:5", "--json", "--precision", precision).AssertSuccess());
        Assert.Equal([-1, -0.5, 0, 0.5, 1], Numbers(document.RootElement, "displacements"));
        var results = document.RootElement.GetProperty("directions").EnumerateArray().ToList();
        Assert.Equal(2, results.Count);
        foreach (var (direction, result) in directions.Zip(results))
        {
            foreach (var (displacement, loss) in Numbers(document.RootElement, "displacements").Zip(Numbers(result, "loss")))
                Assert.Equal(Naive.Loss(direction, displacement), loss, tolerance);
        }
    }

    [Fact]
    public void Slopes_agree_with_differences_of_a_naive_network()
    {
        double[][] directions = _world.WriteDirections("d.safetensors", 1, Dimension);
        using var document = JsonDocument.Parse(Measure("transect", "--displacements", "0.37", "--json", "--precision", "double").AssertSuccess());
        double slope = Numbers(document.RootElement.GetProperty("directions")[0], "slope").Single();
        Assert.Equal(Naive.Slope(directions[0], 0.37), slope, 1e-5);   // a unit that switches within ±2e-4 for one of 300 samples shifts the difference by about this
    }

    [Fact]
    public void The_loss_is_over_the_first_samples_when_asked()
    {
        double[][] directions = _world.WriteDirections("d.safetensors", 1, Dimension);
        using var document = JsonDocument.Parse(Measure("transect", "--displacements", "0.5", "--samples", "7", "--json", "--precision", "double").AssertSuccess());
        Assert.Equal(Naive.Loss(directions[0], 0.5, samples: 7), Numbers(document.RootElement.GetProperty("directions")[0], "loss")[0], 1e-12);
    }

    [Fact]
    public void The_transect_document_is_the_agreed_one()
    {
        _world.WriteDirections("d.safetensors", 2, Dimension);
        string text = Measure("transect", "--displacements=-1,0", "--json").AssertSuccess();
        const string number = "-?[0-9.E-]+";
        string direction = $$"""\{"loss":\[{{number}},{{number}}\],"slope":\[{{number}},{{number}}\]\}""";
        Assert.Matches($$"""^\{"measure":"transect","displacements":\[-1,0\],"directions":\[{{direction}},{{direction}}\],{{SmallWorld.DataPattern}}\}\r?\n$""", text);
    }

    [Fact]
    public void Directions_are_normalised_before_use()
    {
        double[][] given = _world.WriteDirections("d.safetensors", 1, Dimension, norm: 1.0009);
        double[] unit = [.. given[0].Select(x => x / 1.0009)];
        using var document = JsonDocument.Parse(Measure("transect", "--displacements", "1", "--json", "--precision", "double").AssertSuccess());
        Assert.Equal(Naive.Loss(unit, 1), Numbers(document.RootElement.GetProperty("directions")[0], "loss")[0], 1e-9);
    }

    [Fact]
    public void The_loss_is_the_level_times_that_at_the_origin_on_both_sides()
    {
        double[][] directions = _world.WriteDirections("d.safetensors", 4, Dimension);
        using var document = JsonDocument.Parse(Measure("flatness", "--level", "1.2", "--json").AssertSuccess());
        Assert.Equal(1.2, document.RootElement.GetProperty("level").GetDouble());
        int sides = 0;
        foreach (var (direction, result) in directions.Zip(document.RootElement.GetProperty("directions").EnumerateArray()))
        {
            double origin = result.GetProperty("loss_at_origin").GetDouble();
            Assert.Equal(Naive.Loss(direction, 0), origin, 2e-6);
            foreach (string side in (string[])["left", "right"])
            {
                if (result.GetProperty(side) is not { ValueKind: JsonValueKind.Number } found)
                    continue;
                sides++;
                Assert.Equal(1.2, Naive.Loss(direction, found.GetDouble()) / origin, 5e-4);   // a side is found to 1e-4 of its length
            }

            if (result.GetProperty("flatness").ValueKind == JsonValueKind.Number)
                Assert.Equal(result.GetProperty("right").GetDouble() - result.GetProperty("left").GetDouble(), result.GetProperty("flatness").GetDouble());
            else
                Assert.Equal(JsonValueKind.Null, result.GetProperty("fit_flatness").ValueKind);
        }

        Assert.True(sides > 0, "every side is open: the test shows nothing");
    }

    [Fact]
    public void The_flatness_document_is_the_agreed_one()
    {
        _world.WriteDirections("d.safetensors", 1, Dimension);
        string text = Measure("flatness", "--json").AssertSuccess();
        const string number = "(null|-?[0-9.E-]+)";
        Assert.Matches($$"""^\{"measure":"flatness","level":2.718281828459045,"directions":\[\{"left":{{number}},"right":{{number}},"flatness":{{number}},"loss_at_origin":{{number}},"fit_flatness":{{number}},"fit_r2":{{number}}\}\],{{SmallWorld.DataPattern}}\}\r?\n$""", text);
    }

    [Fact]
    public void Tables_are_for_readers()
    {
        _world.WriteDirections("d.safetensors", 3, Dimension);
        string text = Measure("flatness", "--level", "1.2").AssertSuccess();
        Assert.Contains("lengths in weight space", text, StringComparison.Ordinal);
        Assert.Matches(@"Each direction took \d+( to \d+)? passes over the samples\.", text);
        Assert.Contains("Computed by the fused path in single precision.", text, StringComparison.Ordinal);
        Assert.Contains("3 directions", Measure("transect", "--displacements=-1:1:5").AssertSuccess(), StringComparison.Ordinal);
    }

    [Fact]
    public void Directions_of_another_space_are_refused()
    {
        _world.WriteDirections("d.safetensors", 3, 29);
        Measure("flatness").AssertMistake("d.safetensors: tensor 'directions', shape: found [3, 29], expected [K, 30], since layers 2 of fc:16-6-5-10 have 30 weights");
    }

    [Theory]
    [InlineData(1.002)]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void Directions_of_another_norm_are_refused_with_their_row(double norm)
    {
        double[][] rows = _world.WriteDirections("d.safetensors", 3, Dimension);
        rows[2] = [.. rows[2].Select(x => x * norm)];
        SafeTensorsWriter.Write(_world["d.safetensors"], [new NamedTensor("directions", [3, Dimension], rows.SelectMany(row => row).ToArray())]);
        Measure("flatness", "--json").AssertMistake("d.safetensors: tensor 'directions', row 2: found norm ");
    }

    [Fact]
    public void A_file_without_directions_is_refused()
    {
        File.Copy(_world["weights.safetensors"], _world["d.safetensors"]);
        Measure("flatness").AssertMistake("expected one named 'directions'");
    }

    [Fact]
    public void Samples_beyond_the_training_set_are_refused()
    {
        _world.WriteDirections("d.safetensors", 1, Dimension);
        Measure("flatness", "--samples", "301").AssertMistake("--samples: value: found 301, expected 1 to 300");
        Measure("flatness", "--samples", "0").AssertMistake("--samples: found '0', expected a whole number of at least 1");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0.5")]
    [InlineData("nan")]
    [InlineData("e")]
    public void A_level_not_above_1_is_refused(string level)
    {
        _world.WriteDirections("d.safetensors", 1, Dimension);
        Measure("flatness", "--level", level).AssertMistake($"--level: found '{level}', expected a number above 1");
    }

    [Theory]
    [InlineData("--layers", "4", "--layers: number: found '4'")]
    [InlineData("--network", "cnn:3", "--network: name: found 'cnn:3'")]
    [InlineData("--network", "fc:16-7-5-10", "weights.safetensors: network that the file records: found fc:16-6-5-10, expected fc:16-7-5-10, the network it is to be read for")]
    [InlineData("--weights", "none.safetensors", "none.safetensors: file: found nothing there")]
    [InlineData("--data", "mnits", "did you mean \"mnist\"?")]
    [InlineData("--data-root", "no-such-folder", "--data-root: folder: found \"no-such-folder\"")]
    [InlineData("--precision", "half", "--precision: found 'half', expected one of single, double")]
    [InlineData("--threads", "0", "--threads: found '0', expected a whole number of at least 1")]
    public void A_bad_option_is_refused(string option, string value, string message)
    {
        _world.WriteDirections("d.safetensors", 1, Dimension);
        string[] arguments = _world.Landscape();
        int place = Array.IndexOf(arguments, option);
        arguments = place < 0 ? [.. arguments, option, value] : [.. arguments[..(place + 1)], value, .. arguments[(place + 2)..]];
        Command.Run(["measure", "flatness", .. arguments, "--json"]).AssertMistake(message);
    }

    [Fact]
    public void Biases_can_move_only_where_there_are_some()
    {
        _world.WriteDirections("d.safetensors", 1, Dimension);
        Measure("flatness", "--with-biases").AssertMistake("--with-biases: network: found fc:16-6-5-10, which has no biases");
    }

    [Fact]
    public void Cancellation_stops_with_130_and_nothing_on_standard_output()
    {
        _world.WriteDirections("d.safetensors", 1, Dimension);
        var stopped = Command.Run([], new CancellationToken(canceled: true), ["measure", "flatness", .. _world.Landscape("--json")]);
        Assert.Equal((130, ""), (stopped.ExitCode, stopped.Out));
        Assert.Contains("talweg: stopped; nothing was written", stopped.Error, StringComparison.Ordinal);
    }

    private static List<double> Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
}
