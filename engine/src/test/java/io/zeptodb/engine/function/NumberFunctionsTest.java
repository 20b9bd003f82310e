package io.zeptodb.engine.function;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class NumberFunctionsTest {
    @TestFactory
    Stream<DynamicTest> rounding() {
        return FunctionTable.tests("""
                abs -5 = 5
                abs -5i = 5
                abs -128t = !22003
                abs -9223372036854775808 = !22003
                abs -1.5 = 1.5
                abs -0.0 = 0
                abs -1.5f = 1.5
                abs -1.50m = 1.50
                abs day:-1 hour = 01:00:00
                abs null = NULL
                sign -5 = -1
                sign 0i = 0
                sign 2.5 = 1
                sign -2.5m = -1
                sign NaN = NaN
                round 2.5 = 3
                round -2.5 = -3
                round 0.49999999999999994 = 0
                round -0.4 = -0
                round NaN = NaN
                round Infinity = Infinity
                round 5i = 5
                round 2.50m = 3
                round -2.50m = -3
                round 9.99m = 10
                round 2.345m ; 2 = 2.350
                round 9.99m ; 1 = 10.00
                round 12.34m ; -1 = 10.00
                round 15.00m ; -1 = 20.00
                round 12.34m ; -100 = 0.00
                round 12.34m ; 100 = 12.34
                round 1.255 ; 1 = 1.3
                round 1234.5 ; -2 = 1200
                round 1e300 ; 50 = 1e+300
                round 1.5 ; -400 = 0
                round 12345 ; -2 = 12300
                round 12350 ; -2 = 12400
                round -12350 ; -2 = -12400
                round 12345i ; 3 = 12345
                round 127t ; -1 = !22003
                round 9223372036854775807 ; -1 = !22003
                round 9223372036854775807 ; -19 = 0
                round -9223372036854775808 ; 0 = -9223372036854775808
                trunc 2.7 = 2
                trunc -2.7 = -2
                trunc -2.75m ; 1 = -2.70
                trunc 12399 ; -2 = 12300
                trunc -2.789 ; 1 = -2.7
                floor -2.5 = -3
                floor -2.50m = -3
                floor 2.50m = 2
                floor 3 = 3
                ceil 2.1 = 3
                ceil -2.50m = -2
                ceil 2.10m = 3
                ceil 9.9m = 10
                ceiling 2.0 = 2
                greatest 1 ; 3 ; 2 = 3
                greatest 1 ; null:BIGINT ; 2 = 2
                greatest 1 ; null ; 2 = 2
                greatest null:BIGINT ; null:BIGINT = NULL
                least 1 ; 2.5 = 1
                least 1.25m ; 1.3m = 1.25
                least 1.25m ; 1i = 1.00
                greatest 1.0 ; NaN ; Infinity = NaN
                greatest 'b' ; 'a rather long text, longer than a view' = b
                least 'b' ; 'a rather long text, longer than a view' = a rather long text, longer than a view
                greatest ts:2024-01-01 ; date:2024-01-02 = 2024-01-02 00:00:00
                greatest true ; false = true
                greatest hex:00 ; hex:ff = \\xff
                least 1 ; 'a' = !42883
                least = !42883
                """);
    }

    @TestFactory
    Stream<DynamicTest> analysis() {
        return FunctionTable.tests("""
                power 2 ; 10 = 1024
                pow 2.0 ; 0.5 = 1.4142135623730951
                power 0 ; -1 = !22023
                power -8 ; 0.5 = !22023
                power -8 ; 3 = -512
                power NaN ; 0.0 = 1
                sqrt 4 = 2
                sqrt -1 = !22023
                sqrt NaN = NaN
                sqrt 2.25m = 1.5
                cbrt -27 = -3
                exp 0 = 1
                ln 1 = 0
                ln 0 = !22023
                ln -1.0 = !22023
                log10 1000 = 3
                log10 0.0 = !22023
                log2 8 = 3
                log2 1024 = 10
                log2 0.125 = -3
                log2 3.0 = 1.5849625007211563
                log 100 = 2
                log 2 ; 8 = 3
                log 1 ; 8 = !22012
                log 2 ; 0 = !22023
                log -2 ; 8 = !22023
                isnan NaN = true
                isnan 1.0 = false
                isinf -Infinity = true
                isfinite NaN = false
                isfinite 1 = true
                pi = 3.141592653589793
                degrees 3.141592653589793 = 180
                radians 180 = 3.141592653589793
                sin 0.0 = 0
                cos 0.0 = 1
                tan 0.0 = 0
                cot 0.0 = !22012
                asin 1.5 = !22023
                acos -1.5 = !22023
                acos 1 = 0
                atan 0 = 0
                atan2 1.0 ; 1.0 = 0.7853981633974483
                sinh 0.0 = 0
                cosh 0.0 = 1
                tanh 0.0 = 0
                width_bucket 5 ; 0 ; 10 ; 4 = 3
                width_bucket -1 ; 0 ; 10 ; 4 = 0
                width_bucket 10 ; 0 ; 10 ; 4 = 5
                width_bucket 10 ; 10 ; 0 ; 4 = 1
                width_bucket 0 ; 10 ; 0 ; 4 = 5
                width_bucket 11 ; 10 ; 0 ; 4 = 0
                width_bucket 1 ; 1 ; 1 ; 4 = !22023
                width_bucket 1 ; 0 ; 1 ; 0 = !22023
                width_bucket NaN ; 0 ; 1 ; 1 = !22023
                bitand 12 ; 10 = 8
                bitor 12 ; 10i = 14
                bitxor 12 ; 10 = 6
                bitnot 0 = -1
                shiftleft 1 ; 63 = -9223372036854775808
                shiftleft 1 ; 64 = !22023
                shiftright -16 ; 2 = -4
                shiftright 1 ; -1 = !22023
                gcd 12 ; -18 = 6
                gcd 0 ; 0 = 0
                gcd -9223372036854775808 ; 0 = !22003
                lcm 4 ; 6 = 12
                lcm 0 ; 6 = 0
                lcm 9223372036854775807 ; 2 = !22003
                sin 'a' = !42883
                sqrt null = NULL
                """);
    }

    @TestFactory
    Stream<DynamicTest> space() {
        return FunctionTable.tests("""
                haversine 0 ; 0 ; 0 ; 0 = 0
                haversine 0 ; 0 ; 0 ; 180 = 20015114.442035925
                haversine 0 ; 0 ; 90 ; 0 = 10007557.22101796
                st_distance 90 ; 0 ; -90 ; 0 = 20015114.442035925
                st_within 52.52 ; 13.405 ; 52.52 ; 13.405 ; 0 = true
                st_within 52.52 ; 13.405 ; 48.8566 ; 2.3522 ; 800000 = false
                st_within 52.52 ; 13.405 ; 48.8566 ; 2.3522 ; 900000 = true
                """);
    }
}
